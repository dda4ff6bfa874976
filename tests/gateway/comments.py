"""The comments of the small Jira's one ticket."""

from __future__ import annotations

from tests.gateway.loopback import Answer, Asked
from tests.gateway.site import API, Json, Site

INTERNAL = [{"key": "sd.public.comment", "value": {"internal": True}}]


class Comments:
    """The comments of the one ticket, kept as Jira does."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.kept: dict[str, Json] = {}
        self.lost: list[Answer] = []  # instead of the answers to the next writes, which are done all the same
        self.public = False
        path = f"{API}/issue/5001/comment"
        site.server.on("GET", path, lambda _: Answer({"comments": list(self.kept.values()), "total": len(self.kept)}))
        site.server.on("POST", path, self.post)
        site.server.on("PUT", rf"{path}/\d+", self.put)
        site.server.on("DELETE", rf"{path}/\d+", self.delete)

    def write(self, number: str, asked: Asked) -> Answer:
        said = asked.json
        assert said["properties"] == INTERNAL
        self.kept[number] = self.site.comment(int(number), self.site.adapter, said["body"].replace("\n", "\r\n"))
        self.kept[number] |= {"properties": said["properties"], "jsdPublic": self.public}
        return self.lost.pop(0) if self.lost else Answer(self.kept[number], 201)

    def post(self, asked: Asked) -> Answer:
        return self.write(str(100 + len(self.kept)), asked)

    def put(self, asked: Asked) -> Answer:
        number = asked.path.rsplit("/", 1)[1]
        return self.write(number, asked) if number in self.kept else Answer({}, 404)

    def delete(self, asked: Asked) -> Answer:
        del self.kept[asked.path.rsplit("/", 1)[1]]
        return Answer(status=204)
