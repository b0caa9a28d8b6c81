CREATE SCHEMA "spokebot";
--> statement-breakpoint
CREATE TABLE "spokebot"."approvals" (
	"repository_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"head_sha" text NOT NULL,
	"pool" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "approvals_repository_id_number_head_sha_pool_pk" PRIMARY KEY("repository_id","number","head_sha","pool")
);
--> statement-breakpoint
CREATE TABLE "spokebot"."attempts" (
	"build_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"state" text NOT NULL,
	"worker" text,
	"phase" text,
	"versions" jsonb,
	"recorded" boolean DEFAULT false NOT NULL,
	"queued_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"heartbeat_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"log_bytes" integer DEFAULT 0 NOT NULL,
	"result" jsonb,
	CONSTRAINT "attempts_build_id_attempt_pk" PRIMARY KEY("build_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "spokebot"."builds" (
	"id" text PRIMARY KEY NOT NULL,
	"installation_id" bigint NOT NULL,
	"repository_id" bigint NOT NULL,
	"repository" text NOT NULL,
	"number" integer NOT NULL,
	"head_sha" text NOT NULL,
	"name" text NOT NULL,
	"product" text NOT NULL,
	"pool" text NOT NULL,
	"required" boolean NOT NULL,
	"reasons" jsonb NOT NULL,
	"needs_approval" text,
	"plan" jsonb NOT NULL,
	"state" text NOT NULL,
	"attempt" integer NOT NULL,
	"ending" jsonb,
	"check_run_id" bigint,
	"report_revision" integer DEFAULT 0 NOT NULL,
	"report_digest" text,
	"created_at" timestamp with time zone NOT NULL,
	"deadline_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"completed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "spokebot"."decisions" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"repository_id" bigint NOT NULL,
	"repository" text NOT NULL,
	"number" integer,
	"kind" text NOT NULL,
	"facts" jsonb NOT NULL,
	"facts_digest" text NOT NULL,
	"outcome" jsonb NOT NULL,
	"reasons" jsonb NOT NULL,
	"actions" jsonb NOT NULL,
	"version" text NOT NULL,
	"delivery" text,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spokebot"."deliveries" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"guid" text NOT NULL,
	"event" text NOT NULL,
	"digest" text NOT NULL,
	"source" text NOT NULL,
	"activity" text,
	"installation_id" bigint,
	"repository" text,
	"payload" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'stored' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"error" text,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "spokebot"."installations" (
	"id" bigint PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"state" text NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spokebot"."intents" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"lane" text NOT NULL,
	"kind" text NOT NULL,
	"installation_id" bigint NOT NULL,
	"payload" jsonb NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"claimed_until" timestamp with time zone,
	"error" text,
	"created_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "spokebot"."log_chunks" (
	"build_id" text NOT NULL,
	"attempt" integer NOT NULL,
	"seq" integer NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "log_chunks_build_id_attempt_seq_pk" PRIMARY KEY("build_id","attempt","seq")
);
--> statement-breakpoint
CREATE TABLE "spokebot"."repositories" (
	"id" bigint PRIMARY KEY NOT NULL,
	"installation_id" bigint NOT NULL,
	"full_name" text NOT NULL,
	"private" boolean NOT NULL,
	"state" text NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"known_labels" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spokebot"."settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spokebot"."subjects" (
	"repository_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"is_pull" boolean NOT NULL,
	"title" text NOT NULL,
	"author" text,
	"open" boolean DEFAULT true NOT NULL,
	"head_sha" text,
	"revision" integer DEFAULT 0 NOT NULL,
	"our_labels" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"removed_labels" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"comment_id" bigint,
	"comment_gone" boolean DEFAULT false NOT NULL,
	"comment_body" text,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "subjects_repository_id_number_pk" PRIMARY KEY("repository_id","number")
);
--> statement-breakpoint
CREATE TABLE "spokebot"."workers" (
	"id" text PRIMARY KEY NOT NULL,
	"pool" text NOT NULL,
	"version" text NOT NULL,
	"via" text NOT NULL,
	"concurrency" integer NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "attempts_state" ON "spokebot"."attempts" USING btree ("state");--> statement-breakpoint
CREATE INDEX "builds_pull" ON "spokebot"."builds" USING btree ("repository_id","number");--> statement-breakpoint
CREATE INDEX "builds_open" ON "spokebot"."builds" USING btree ("deadline_at") WHERE "spokebot"."builds"."state" <> 'completed';--> statement-breakpoint
CREATE INDEX "builds_created" ON "spokebot"."builds" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "decisions_subject" ON "spokebot"."decisions" USING btree ("repository_id","number","id");--> statement-breakpoint
CREATE INDEX "decisions_at" ON "spokebot"."decisions" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_once" ON "spokebot"."deliveries" USING btree ("guid","event","digest");--> statement-breakpoint
CREATE INDEX "deliveries_open" ON "spokebot"."deliveries" USING btree ("due_at") WHERE "spokebot"."deliveries"."state" = 'stored';--> statement-breakpoint
CREATE UNIQUE INDEX "intents_key" ON "spokebot"."intents" USING btree ("key");--> statement-breakpoint
CREATE INDEX "intents_open" ON "spokebot"."intents" USING btree ("due_at") WHERE "spokebot"."intents"."state" = 'pending';--> statement-breakpoint
CREATE INDEX "intents_lane" ON "spokebot"."intents" USING btree ("lane","id");--> statement-breakpoint
CREATE INDEX "repositories_installation" ON "spokebot"."repositories" USING btree ("installation_id");--> statement-breakpoint
CREATE INDEX "subjects_updated" ON "spokebot"."subjects" USING btree ("updated_at");