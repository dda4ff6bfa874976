-- By which names of solutions the setups of earlier tickets have been read from Jira: until they have been by those in
-- force, nobody may claim one (R16). Whether it was done by any names says too little.
ALTER TABLE dubu.site ADD COLUMN setups_read_by text;
ALTER TABLE dubu.site DROP COLUMN setups_known;
