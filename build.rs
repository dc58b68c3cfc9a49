//! Puts every folder of `charts/` into the binary, so that a chart is added by adding a folder.
//!
//! Writes `charts.rs`: `static CHARTS: [Chart; N]` of `Chart::embedded(NAME, &[(PATH, TEXT), ..])`, sorted by name and path.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=charts");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?).join("charts");
    let folders: Vec<PathBuf> = entries(&root)?.into_iter().filter(|path| path.is_dir()).collect();
    let mut table = format!("static CHARTS: [Chart; {}] = [\n", folders.len());
    for folder in &folders {
        let mut files = Vec::new();
        collect(folder, &mut files)?;
        let name = folder.file_name().ok_or(io::ErrorKind::InvalidData)?.to_string_lossy();
        let _ = writeln!(table, "    Chart::embedded({name:?}, &[");
        for file in files {
            let inside = file.strip_prefix(folder).map_err(io::Error::other)?.to_string_lossy().replace('\\', "/");
            let _ = writeln!(table, "        ({inside:?}, include_str!({:?})),", file.display().to_string());
        }
        table.push_str("    ]),\n");
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    fs::write(out.join("charts.rs"), table)
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for path in entries(folder)? {
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
