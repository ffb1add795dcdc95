//! Review of an alignment: confirm, merge, split, move, edit, realign around what is confirmed.
//!
//! [`State`] is the alignment as rows with unlimited undo and knows no file; [`Session`] keeps a state, its journal and
//! its file together; [`Server`] shows a session on a page of this machine only and turns requests into operations.
//! [`corrections`] brings back a table that somebody edited elsewhere.

mod answers;
pub mod corrections;
mod desk;
mod export;
mod guard;
mod journal;
mod operation;
mod realign;
mod row;
mod server;
mod session;
mod state;

pub use operation::Operation;
pub use realign::{realign, realign_with};
pub use row::Row;
pub use server::{ServeOptions, Server};
pub use session::{Choice, Refused, Session};
pub use state::{Change, Splice, State};
