CREATE TABLE "spokebot"."wishes" (
	"repository_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"head_sha" text NOT NULL,
	"spec" text NOT NULL,
	"pool" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "wishes_repository_id_number_head_sha_spec_pool_pk" PRIMARY KEY("repository_id","number","head_sha","spec","pool")
);
--> statement-breakpoint
ALTER TABLE "spokebot"."builds" ADD COLUMN "waiver" jsonb;