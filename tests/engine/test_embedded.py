"""The embedded PostgreSQL: started, shared, killed, and put in awkward places."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.machinery import BuiltinImporter
from pathlib import Path

import psycopg
import pytest

from adapter.database import embedded, open_database
from adapter.database.embedded import SYSTEM_USER, EmbeddedServer, ensure_database
from adapter.errors import ConfigurationError, OutOfReach
from adapter.settings import read_settings
from tests.engine.processes import ROOT, until


@contextmanager
def running(folder: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def ask(server: EmbeddedServer, sql: str) -> object:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        return (connection.execute(sql).fetchone() or (None,))[0]


def postmaster(server: EmbeddedServer) -> int:
    return int((server.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


def test_data_survives_a_restart_and_is_written_durably(data_dir: Path) -> None:
    with running(data_dir) as server:
        with psycopg.connect(server.url("postgres")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert ask(server, f"SELECT current_setting('{setting}')") == "on"
    with running(data_dir) as server:
        assert ask(server, "SELECT value FROM kept") == 42


def test_the_server_listens_on_no_network(data_dir: Path) -> None:
    with running(data_dir) as server:
        assert ask(server, "SELECT current_setting('listen_addresses')") == ""
        assert (data_dir / "postgres").stat().st_mode & 0o077 == 0  # the socket lies in there


@pytest.mark.parametrize(
    "name", ["a b", "it's $HOME", 'x"y,z', "æøå", "l" * 120], ids=["space", "shell", "quote", "danish", "long"]
)
def test_any_path_will_do(data_dir: Path, name: str) -> None:
    with running(data_dir / name) as server:
        ensure_database(server, "dubu")
        ensure_database(server, "dubu")
        with psycopg.connect(server.url("dubu")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_short_folder_that_is_somebody_else_s_is_refused(data_dir: Path) -> None:
    place = data_dir / ("l" * 120)
    with running(place) as server:
        short = server._socket_folder()
    assert not short.exists()
    short.mkdir()
    short.chmod(0o777)
    with pytest.raises(ConfigurationError, match="shorter path"):
        EmbeddedServer(place).start()
    short.rmdir()


def test_a_second_user_shares_the_server_and_the_last_one_stops_it(data_dir: Path) -> None:
    with running(data_dir) as first:
        with running(data_dir) as second:
            assert postmaster(first) == postmaster(second)
        assert ask(first, "SELECT 1") == 1
    assert not first._is_running()
    assert not first.stop()  # a second time is harmless


def test_starts_at_once_agree_on_one_server(data_dir: Path) -> None:
    servers = [EmbeddedServer(data_dir) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(EmbeddedServer.start, servers))
    assert len({postmaster(server) for server in servers}) == 1
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(EmbeddedServer.stop, servers)) == 1


def test_a_killed_user_does_not_keep_the_server_alive_nor_take_it_away(data_dir: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from adapter.database.embedded import EmbeddedServer; "
        "EmbeddedServer(Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(data_dir)], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert any(line == b"up\n" for line in process.stdout)
    with running(data_dir) as server:
        process.kill()
        process.wait()
        process.stdout.close()
        assert ask(server, "SELECT 1") == 1
    assert not server._is_running()


def test_a_killed_server_is_started_again_though_its_number_is_somebody_s_now(data_dir: Path) -> None:
    with running(data_dir) as server:
        before = postmaster(server)
        os.kill(before, signal.SIGKILL)
        state = data_dir / "postgres" / "postmaster.pid"
        until(lambda: not server._is_running())
        state.write_text(state.read_text().replace(str(before), str(os.getpid()), 1))
        server.keep_up()
        assert ask(server, "SELECT 1") == 1
        server.keep_up()  # nothing to do
        assert postmaster(server) != before


def test_a_start_that_was_killed_half_way_is_begun_again(data_dir: Path) -> None:
    half = data_dir / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with running(data_dir) as server:
        assert ask(server, "SELECT 1") == 1
    assert not half.exists()


def test_data_of_a_version_that_is_not_installed_is_left_alone(data_dir: Path) -> None:
    with running(data_dir):
        pass
    (data_dir / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(ConfigurationError, match="PostgreSQL 9"):
        EmbeddedServer(data_dir).start()


def test_a_folder_that_cannot_be_written_says_what_to_set(data_dir: Path) -> None:
    (data_dir / "file").touch()
    with pytest.raises(ConfigurationError, match="DUBU_DATA_DIR"):
        EmbeddedServer(data_dir / "file" / "below").start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_needs_no_other_and_is_told_when_the_data_is_not_theirs(data_dir: Path) -> None:
    with running(data_dir / "root"):
        pass
    assert pwd.getpwuid((data_dir / "root" / "postgres").stat().st_uid).pw_name == SYSTEM_USER
    nobody = pwd.getpwnam("nobody")
    own = Path(tempfile.mkdtemp(dir=data_dir))
    data_dir.chmod(0o755)
    os.chown(own, nobody.pw_uid, nobody.pw_gid)
    program = """
import os, sys
from adapter.settings import read_settings
from adapter.database import embedded, open_database
from adapter.errors import ConfigurationError, OutOfReach
import psycopg
os.setgid({gid}); os.setuid({uid})
with open_database(read_settings({{"DUBU_DATA_DIR": {own!r}}})) as database:
    connection = psycopg.connect(database.url)
    assert connection.execute("SELECT count(*) FROM dubu.journal").fetchone() == (0,)
for folder in ({theirs!r}, {locked!r}):
    try:
        open_database(read_settings({{"DUBU_DATA_DIR": folder}})).__enter__()
    except ConfigurationError as error:
        print(error)
"""
    theirs = data_dir / "root"
    (data_dir / "locked").mkdir(mode=0o700)
    for lock in theirs.glob("*.lock"):
        lock.chmod(0o666)
    theirs.chmod(0o777)
    filled = program.format(
        gid=nobody.pw_gid, uid=nobody.pw_uid, own=str(own), theirs=str(theirs), locked=str(data_dir / "locked")
    )
    done = subprocess.run([sys.executable, "-c", filled], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    belongs, locked = [line for line in done.stdout.splitlines() if "database brought" not in line]
    assert f"belongs to {SYSTEM_USER}" in belongs
    assert "DUBU_DATA_DIR" in locked


@pytest.mark.skipif(os.geteuid() != 0, reason="only root opens folders for another user")
def test_root_opens_the_way_for_the_server_s_user_and_no_more(data_dir: Path) -> None:
    above = data_dir / "above"
    above.mkdir(mode=0o700)
    with running(above / "data") as server:
        assert ask(server, "SELECT 1") == 1
    assert above.stat().st_mode & 0o777 == 0o701


def test_the_server_s_log_holds_no_statement(data_dir: Path) -> None:
    with (
        open_database(read_settings({"DUBU_DATA_DIR": str(data_dir)})) as database,
        psycopg.connect(database.url) as connection,
    ):
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT 'Fortroligt-om-barnet' FROM nowhere")
        database.keep_up()
    told = (data_dir / "postgres" / "server.log").read_text()
    assert "ready to accept connections" in told
    assert "Fortroligt-om-barnet" not in told


@pytest.mark.skipif(os.geteuid() != 0, reason="only root creates users")
def test_the_server_s_user_is_created_once_and_a_failure_says_what_else_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"dubu-t{os.getpid()}"
    monkeypatch.setattr(embedded, "SYSTEM_USER", name)
    try:
        assert embedded._system_user() == embedded._system_user() == pwd.getpwnam(name)
    finally:
        subprocess.run(["userdel", name], check=True, capture_output=True)
    monkeypatch.setattr(embedded, "SYSTEM_USER", "no:such:name")
    with pytest.raises(ConfigurationError, match="ordinary user"):
        embedded._system_user()


def test_programs_that_only_root_may_read_are_opened_to_the_server_s_user(data_dir: Path) -> None:
    programs = data_dir / "wheel" / "pginstall18" / "bin"
    (data_dir / "wheel.libs").mkdir(mode=0o700)
    programs.mkdir(parents=True, mode=0o700)
    (programs / "postgres").touch(mode=0o700)
    (data_dir / "wheel.libs" / "lib.so").touch(mode=0o600)
    embedded._let_read(programs)
    assert (programs / "postgres").stat().st_mode & 0o777 == 0o705
    assert (data_dir / "wheel.libs" / "lib.so").stat().st_mode & 0o777 == 0o604


def test_without_the_wheel_it_says_what_to_set(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [BuiltinImporter])
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        embedded._programs(data_dir)


def test_a_user_without_a_name_is_named_by_number() -> None:
    assert embedded._name_of(0) == "root"
    assert embedded._name_of(54321) == "user 54321"


def test_a_server_that_is_not_running_has_no_address(data_dir: Path) -> None:
    with pytest.raises(OutOfReach, match="not running"):
        EmbeddedServer(data_dir).url("dubu")


def test_a_server_that_will_not_start_names_its_log(data_dir: Path) -> None:
    with running(data_dir):
        pass
    (data_dir / "postgres" / "postgresql.conf").write_text("nonsense = 1\n")
    with pytest.raises(OutOfReach, match=r"server\.log"):
        EmbeddedServer(data_dir).start()
