//! Where the deployed state is read from. The only part of the diff that does I/O.
