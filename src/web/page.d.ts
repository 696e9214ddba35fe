/** Address of the worker that folds logs, set by the build. */
declare const LOG_WORKER: string;
