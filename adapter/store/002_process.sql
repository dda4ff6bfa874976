-- Which ticket has the right to KOMBIT's one setup of a solution (R16).
CREATE TABLE dubu.setup (
    site text NOT NULL,
    solution text NOT NULL,
    issue text NOT NULL,
    key text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site, solution)
);
CREATE INDEX setup_of_issue ON dubu.setup (site, issue);

-- Whether the setups of the tickets before this database have been read from Jira: until then nobody may claim one.
ALTER TABLE dubu.site ADD COLUMN setups_known boolean NOT NULL DEFAULT false;

-- How far the sending of each letter has come (R7, R8). Its bytes are kept only while it is under way, so that what is
-- attached is what was sent, whatever happens in between.
CREATE TABLE dubu.letter (
    site text NOT NULL,
    issue text NOT NULL,
    dispatch text NOT NULL,
    state text NOT NULL CHECK (state IN ('handing_over', 'sent', 'attached', 'doubtful')),
    data bytea,
    at timestamptz NOT NULL,
    PRIMARY KEY (site, issue, dispatch),
    CHECK ((data IS NULL) = (state IN ('attached', 'doubtful')))
);
