-- +goose Up
-- What replicas of one ledger share beside the store of events.

CREATE TABLE probity_cluster.leader (
	ledger text PRIMARY KEY,
	name   text NOT NULL,
	term   bigint NOT NULL,
	since  timestamptz NOT NULL
);
COMMENT ON TABLE probity_cluster.leader IS 'who was elected last; who leads now holds an advisory lock';
COMMENT ON COLUMN probity_cluster.leader.term IS 'counts the elections';

CREATE TABLE probity_cluster.rules (
	ledger  text PRIMARY KEY,
	changes bigint NOT NULL
);
COMMENT ON TABLE probity_cluster.rules IS 'counts the commands that may have changed the rules; who sees another number reads them again';

CREATE TABLE probity_cluster.checkpoint (
	ledger text PRIMARY KEY,
	turn   bigint NOT NULL,
	body   bytea NOT NULL,
	put    timestamptz NOT NULL
);
COMMENT ON TABLE probity_cluster.checkpoint IS 'the last checkpoint of the transparency log that was signed, put by compare-and-set';

CREATE TABLE probity_cluster.replica (
	ledger  text NOT NULL,
	id      bigint NOT NULL,
	name    text NOT NULL,
	settled bigint NOT NULL,
	PRIMARY KEY (ledger, id)
);
COMMENT ON TABLE probity_cluster.replica IS 'processes that record; a live one holds an advisory lock';
COMMENT ON COLUMN probity_cluster.replica.settled IS 'up to this position all that follows from what it recorded is recorded as well';

CREATE TABLE probity_cluster.vault (
	ledger  text NOT NULL,
	key     text NOT NULL,
	wrapped bytea NOT NULL,
	PRIMARY KEY (ledger, key)
);
COMMENT ON TABLE probity_cluster.vault IS 'keys of sealed identities, wrapped by the master key, which is not here; a row is deleted to erase';

CREATE TABLE probity_cluster.erasures (
	ledger text PRIMARY KEY,
	done   bigint NOT NULL
);
COMMENT ON TABLE probity_cluster.erasures IS 'the position up to which the erasures that the ledger tells of are carried out in the vault';

CREATE TABLE probity_cluster.rulebook (
	ledger text NOT NULL,
	digest text NOT NULL,
	name   text NOT NULL,
	body   bytea NOT NULL,
	PRIMARY KEY (ledger, digest)
);
COMMENT ON TABLE probity_cluster.rulebook IS 'the files of adopted rulebooks, by digest, for replicas that lack them';
