-- +goose Up
-- Keys that come from elsewhere, and what a deleted key leaves behind.

ALTER TABLE probity_cluster.erasures ADD COLUMN brought bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN probity_cluster.erasures.brought IS 'counts how often keys came into the vault from elsewhere: who looked before does not say how far erasures are done';

CREATE TABLE probity_cluster.remains (
	ledger  text NOT NULL,
	key     text NOT NULL,
	deleted timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (ledger, key)
);
COMMENT ON TABLE probity_cluster.remains IS 'keys that are deleted, and that the file of the vault may hold until it is made anew';
