CREATE TABLE "spokebot"."pauses" (
	"repository_id" bigint PRIMARY KEY NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"over" boolean NOT NULL,
	"times" integer NOT NULL,
	"issue_repository_id" bigint,
	"issue_repository" text,
	"issue_number" integer,
	"former" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"round" integer NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "pauses_issue" ON "spokebot"."pauses" USING btree ("issue_repository_id","issue_number");