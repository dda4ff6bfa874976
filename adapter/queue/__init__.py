"""When to look: what waits, what is put off, what comes back after a failure or a crash."""

from adapter.queue.queue import Figures, Queue, Waiting
from adapter.queue.work import Handlers, Job, Next, Worker

__all__ = ["Figures", "Handlers", "Job", "Next", "Queue", "Waiting", "Worker"]
