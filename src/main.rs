//! The command `tinyelf`: everything is in the library's `cli`.

fn main() -> std::process::ExitCode {
    tinyelf::cli::main()
}
