-- When webhooks last came, and when the side doors were last looked for: a site's nights are counted by their evenings.
ALTER TABLE dubu.site ADD COLUMN delivered_at timestamptz;
ALTER TABLE dubu.site ADD COLUMN turned_away_at timestamptz;
ALTER TABLE dubu.site ADD COLUMN night_claimed timestamptz;
ALTER TABLE dubu.site ADD COLUMN night_done date;

-- What is amiss with a site's own settings, since when, and when it was gone: codes and names of its configuration.
CREATE TABLE dubu.standing (
    site text NOT NULL,
    code text NOT NULL,
    what text NOT NULL,
    status text NOT NULL, -- of the tickets that it showed on; empty where it is of the whole site
    level text NOT NULL,
    next_step text NOT NULL,
    since timestamptz NOT NULL,
    closed timestamptz,
    PRIMARY KEY (site, code, what)
);
