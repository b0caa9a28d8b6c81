CREATE TABLE "spokebot"."shown_checks" (
	"id" text PRIMARY KEY NOT NULL,
	"installation_id" bigint NOT NULL,
	"repository_id" bigint NOT NULL,
	"repository" text NOT NULL,
	"number" integer,
	"head_sha" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"required" boolean NOT NULL,
	"conclusion" text,
	"title" text DEFAULT '' NOT NULL,
	"withdrawn" boolean DEFAULT false NOT NULL,
	"check_run_id" bigint,
	"report_revision" integer DEFAULT 0 NOT NULL,
	"report_digest" text,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "shown_checks_head" ON "spokebot"."shown_checks" USING btree ("repository_id","head_sha");--> statement-breakpoint
CREATE INDEX "builds_head" ON "spokebot"."builds" USING btree ("repository_id","head_sha");