CREATE TABLE "spokebot"."proofs" (
	"pool" text NOT NULL,
	"dag_hash" text NOT NULL,
	"tests" boolean NOT NULL,
	"trust" text NOT NULL,
	"setting" text NOT NULL,
	"build_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "proofs_pool_dag_hash_tests_trust_setting_pk" PRIMARY KEY("pool","dag_hash","tests","trust","setting")
);
