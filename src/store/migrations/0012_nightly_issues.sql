CREATE TABLE "spokebot"."nightly_issues" (
	"repository_id" bigint NOT NULL,
	"name" text NOT NULL,
	"pool" text NOT NULL,
	"product" text NOT NULL,
	"build_id" text NOT NULL,
	"broken" boolean NOT NULL,
	"broken_sha" text NOT NULL,
	"broken_at" timestamp with time zone NOT NULL,
	"issue_repository_id" bigint,
	"issue_repository" text,
	"issue_number" integer,
	"round" integer NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "nightly_issues_repository_id_name_pool_pk" PRIMARY KEY("repository_id","name","pool")
);
--> statement-breakpoint
CREATE INDEX "nightly_issues_issue" ON "spokebot"."nightly_issues" USING btree ("issue_repository_id","issue_number");