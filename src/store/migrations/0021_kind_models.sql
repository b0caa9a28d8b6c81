CREATE TABLE "spokebot"."kind_models" (
	"version" text PRIMARY KEY NOT NULL,
	"weights" text NOT NULL,
	"base" text NOT NULL,
	"report" jsonb NOT NULL,
	"at" timestamp with time zone NOT NULL
);
