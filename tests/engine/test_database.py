"""Opening the database: its address, its tables, and what is said when it cannot be had."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from adapter.database import Database, open_database, prepare
from adapter.database.embedded import EmbeddedServer, ensure_database
from adapter.database.pool import address
from adapter.errors import ConfigurationError, OutOfReach
from adapter.settings import Settings, read_settings


def settings(url: str) -> Settings:
    return read_settings({"DATABASE_URL": url})


def empty(server: EmbeddedServer, name: str) -> str:
    ensure_database(server, name)
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("DROP DATABASE {}").format(psycopg.sql.Identifier(name)))
    ensure_database(server, name)
    return server.url(name)


def steps(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT part, step, applied_at FROM dubu.version ORDER BY 1, 2").fetchall()


def test_tables_are_made_once_however_many_start_at_once(postgres_server: EmbeddedServer) -> None:
    url = empty(postgres_server, "starting")
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(prepare, [url] * 5))
    before = steps(url)
    prepare(url)
    assert steps(url) == before
    assert {part for part, _, _ in before} == {"adapter", "procrastinate"}


def test_all_tables_live_in_a_schema_of_their_own(database: Database) -> None:
    with database.pool.connection() as connection:
        rows = connection.execute(
            "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename LIKE 'procrastinate%' OR tablename = 'journal'"
        ).fetchall()
    assert rows == [("dubu",)]


def test_a_newer_procrastinate_brings_its_own_changes_and_an_older_adapter_stops(
    postgres_server: EmbeddedServer,
) -> None:
    url = empty(postgres_server, "growing")
    prepare(url)
    last = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM dubu.version WHERE step = %s", (last,))
        connection.execute("INSERT INTO dubu.version (part, step) VALUES ('adapter', '999_from_the_future.sql')")
    with pytest.raises(ConfigurationError, match="999_from_the_future"):
        prepare(url)
    assert last in {step for _, step, _ in steps(url)}  # the missing one was brought first


def test_a_user_who_may_make_nothing_is_told_what_to_grant(postgres_server: EmbeddedServer) -> None:
    url = empty(postgres_server, "guarded")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN")
    with pytest.raises(ConfigurationError, match="GRANT CREATE"):
        prepare(url.replace("postgres@", "guest@"))


@pytest.mark.parametrize(
    "url",
    ["mysql://u:hemmelig@h/d", "postgresql+psycopg://u:hemmelig@h/d", "hemmelig", "postgresql://u:hemmelig@[h/d"],
)
def test_a_wrong_address_is_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL") as caught, open_database(settings(url)):
        pass
    assert "hemmelig" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_address_keeps_the_options_it_came_with() -> None:
    ours = address("postgresql://u@h/d?options=-c%20work_mem%3D8MB&connect_timeout=9&application_name=mine")
    assert "-c work_mem=8MB -c search_path=dubu,public" in ours
    assert "connect_timeout=9" in ours
    assert "application_name=mine" in ours


def test_a_database_that_does_not_answer_is_out_of_reach_without_its_password() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # takes the connection and never says a word
        for port in (silent.getsockname()[1], 1):
            began = time.monotonic()
            url = f"postgresql://u:hemmelig@127.0.0.1:{port}/d"
            with pytest.raises(OutOfReach) as caught, open_database(settings(url)):
                pass
            assert time.monotonic() - began < 30
            assert "hemmelig" not in str(caught.value)
            assert "hemmelig" not in repr(Database(url))


def test_the_door_may_open_before_the_database_is_there() -> None:
    with (
        open_database(settings("postgresql://u@127.0.0.1:1/d"), may_be_away=True) as database,
        pytest.raises(OutOfReach),
    ):
        prepare(database.url)


def test_an_embedded_database_is_opened_shared_and_handed_on(data_dir: Path) -> None:
    chosen = read_settings({"DUBU_DATA_DIR": str(data_dir)})
    with open_database(chosen) as one:
        with open_database(chosen) as two, two.pool.connection() as connection:
            assert connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)
        with open_database(settings(one.url)) as child:
            child.keep_up()
            assert child.server is None
            with child.pool.connection() as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
    assert threading.active_count() < 20


def test_an_embedded_server_is_let_go_of_when_its_database_cannot_be_made(data_dir: Path) -> None:
    with EmbeddedServerThatRefuses(data_dir) as server:
        with pytest.raises(OutOfReach), open_database(read_settings({"DUBU_DATA_DIR": str(data_dir)})):
            pass
        assert server._is_running()


class EmbeddedServerThatRefuses:
    """A server that lets nobody in."""

    def __init__(self, data_dir: Path) -> None:
        self.server = EmbeddedServer(data_dir)

    def __enter__(self) -> EmbeddedServer:
        self.server.start()
        (self.server.data_dir / "postgres" / "pg_hba.conf").write_text("local all all reject\n")
        self.server._run("pg_ctl", "reload", "-D", "postgres")
        time.sleep(0.5)
        return self.server

    def __exit__(self, *_: object) -> None:
        self.server.stop()
