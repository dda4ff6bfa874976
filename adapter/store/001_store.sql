-- What the adapter remembers beside what Jira can tell: ids, hashes, verdicts, dates and amounts, never text.

CREATE TABLE dubu.evidence (
    site text NOT NULL,
    attachment text NOT NULL,
    issue text NOT NULL,
    reading_version text NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (site, attachment)
);

-- What once counted as a ticket's offer or approval goes on counting when words, domains or checks change.
CREATE TABLE dubu.accepted (
    site text NOT NULL,
    issue text NOT NULL,
    attachment text NOT NULL,
    role text NOT NULL,
    PRIMARY KEY (site, attachment)
);
CREATE INDEX accepted_of_issue ON dubu.accepted (site, issue);

-- An approval's digest belongs to one ticket of a site (R11).
CREATE TABLE dubu.claim (
    site text NOT NULL,
    digest text NOT NULL,
    issue text NOT NULL,
    key text NOT NULL,
    PRIMARY KEY (site, digest)
);
CREATE INDEX claim_of_issue ON dubu.claim (site, issue);

CREATE TABLE dubu.journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site text NOT NULL,
    issue text NOT NULL,
    key text NOT NULL,
    at timestamptz NOT NULL,
    action text NOT NULL,
    rules text[] NOT NULL,
    mapping_version text NOT NULL,
    facts jsonb NOT NULL
);
CREATE INDEX journal_of_issue ON dubu.journal (site, issue, id);
CREATE INDEX journal_of_key ON dubu.journal (site, key);

CREATE TABLE dubu.trouble (
    site text NOT NULL,
    issue text NOT NULL,
    kind text NOT NULL,
    attempts integer NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (site, issue)
);

CREATE TABLE dubu.set_aside (
    site text NOT NULL,
    issue text NOT NULL,
    key text,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (site, issue)
);

CREATE TABLE dubu.written (
    site text NOT NULL,
    issue text NOT NULL,
    at timestamptz NOT NULL,
    settles_at timestamptz NOT NULL,
    PRIMARY KEY (site, issue)
);
CREATE INDEX written_at ON dubu.written (site, at);

-- As of when a ticket was last found to be as it should: a sweep need not look at it again until it changes.
CREATE TABLE dubu.seen (
    site text NOT NULL,
    issue text NOT NULL,
    updated timestamptz NOT NULL,
    PRIMARY KEY (site, issue)
);

CREATE TABLE dubu.site (
    site text PRIMARY KEY,
    sweep_claimed timestamptz,
    sweep_started timestamptz,
    sweep_finished timestamptz,
    swept_to timestamptz,
    swept_mapping text,
    last_contact timestamptz,
    mapping_version text,
    braked_at timestamptz
);
