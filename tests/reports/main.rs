//! What a training leaves behind: logs, reports, pictures.

mod event_files;
mod events;
mod json_lines;
mod page;
mod training;
