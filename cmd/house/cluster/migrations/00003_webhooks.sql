-- +goose Up
CREATE TABLE probity_cluster.webhook (
	ledger   text NOT NULL,
	name     text NOT NULL,
	state    bytea,
	position bigint NOT NULL DEFAULT 0,
	ask      bytea,
	taken    bytea,
	PRIMARY KEY (ledger, name)
);
COMMENT ON TABLE probity_cluster.webhook IS 'how far each webhook has come; the replica that leads sends';
COMMENT ON COLUMN probity_cluster.webhook.ask IS 'what an operator asks of it, as JSON; taken, once the leader took it up';
