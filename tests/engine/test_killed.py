"""Worker processes killed, paused, or without their database: nothing is lost, stuck, or done twice at a time."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from adapter.catalogue.words import IssueId
from adapter.database import Database, prepare
from adapter.database.embedded import EmbeddedServer, ensure_database
from tests.engine.processes import DUBU, House, until

BACK_WITHIN = 20.0  # seconds after a kill, as promised; 13 measured at most


def test_a_killed_worker_s_ticket_is_back_in_time(house: House) -> None:
    house.event("slow-60")
    with house.worker() as first:
        until(lambda: "read" in house.words("slow-60"))
        house.queue.put(DUBU, IssueId("slow-60"))  # a successor waits: putting the job back would be impossible
        first.kill()
        first.wait()
        with house.worker() as second:
            took = until(lambda: house.words("slow-60").count("read") == 2, BACK_WITHIN)
            house.event("quick")  # the others were not held up
            until(lambda: house.words("quick")[-1:] == ["done"])
            second.kill()
    assert took > 3  # it was not taken from a worker that might be alive
    assert "twice at a time" not in house.words("slow-60")


def test_a_worker_that_slept_and_was_replaced_writes_nothing_when_it_wakes(house: House) -> None:
    house.event("nap-2")
    with house.worker() as sleeper:
        until(lambda: "read" in house.words("nap-2"))
        sleeper.send_signal(signal.SIGSTOP)
        house.rows("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute' RETURNING 1")
        with house.worker() as other:
            until(lambda: house.words("nap-2").count("done") == 1)
            sleeper.send_signal(signal.SIGCONT)
            until(lambda: "not mine" in house.words("nap-2"))
            house.event("1")
            until(lambda: house.behind() == 0)
            other.kill()
            other.wait()
            house.event("2")  # the sleeper has given itself a new name and works again
            until(lambda: house.behind() == 0)
    assert house.words("nap-2").count("done") == 1
    assert "not mine" in house.words("nap-2")


def test_a_worker_outlives_a_restart_and_an_outage_of_its_database(data_dir: Path) -> None:
    server = EmbeddedServer(data_dir)
    server.start()
    ensure_database(server, "dubu")
    prepare(server.url("dubu"))
    house = House.over(Database(server.url("dubu")))
    with house.worker() as worker:
        house.event("1")
        until(lambda: house.behind() == 0)
        server._run("pg_ctl", "restart", "-D", "postgres", "-m", "immediate", "-w")
        house.event("2")
        until(lambda: house.behind() == 0)
        server._run("pg_ctl", "stop", "-D", "postgres", "-m", "immediate", "-w")
        time.sleep(4)  # long enough for a heartbeat to fail
        server.keep_up()
        house.event("3")
        until(lambda: house.behind() == 0, 60)
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    house.database.close()
    server.stop()


def test_events_failures_and_kills_lose_nothing_and_never_meet_on_one_ticket(house: House) -> None:
    chance = random.Random(7)
    tickets = [str(number) for number in range(60)]
    with ExitStack() as stack:

        def start() -> subprocess.Popen[bytes]:
            return stack.enter_context(house.worker(FAILING="0.1"))

        workers = [start(), start()]
        for number in range(600):
            house.event(chance.choice(tickets))
            if number % 200 == 150:
                victim = workers.pop(0)
                victim.kill()
                victim.wait()
                workers.append(start())
        until(lambda: house.behind() == 0, 60)
        until(lambda: house.queue.figures(DUBU).running == house.queue.figures(DUBU).waiting == 0, 60)
    assert house.rows("SELECT 1 FROM public.diary WHERE word = 'twice at a time'") == []
    figures = house.queue.figures(DUBU)
    assert figures.set_aside == 0
