/** The name of an account to log in as: a POSIX name, of a directory with its domain (sssd.conf(5), `full_name_format`). As in the schema of Device. */
export const accountName = /^(?=.{1,128}$)[a-z_][a-z0-9_.-]*(@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)?$/;
