/** What is kept tells who trades what: files and folders that are made are for their user alone. Those that there are keep their modes. */
export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;
