//! Gathers the evidence of every rule, for `docs/FIDELITY.md` and the control API; asks the linker for a small program.

#[path = "build/evidence.rs"]
mod evidence;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use evidence::Found;
use flate2::Compression;
use flate2::write::ZlibEncoder;

fn main() {
    pack_relocations();
    fold_identical_code();
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the crate is"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
    let overlay = here.join("../../spec/corrections.yaml");
    let mut rules = Vec::new();
    for (crate_name, folder) in [("", "src"), ("fp_contract::", "../fp-contract/src")] {
        let root = here.join(folder);
        rerun_if_changed(&root);
        let mut files = Vec::new();
        rust_files(&root, &mut files);
        files.sort();
        for file in files {
            let text = fs::read_to_string(&file).unwrap_or_default();
            rules.extend(evidence::of_source(&format!("{crate_name}{}", module(&root, &file)), &text));
        }
    }
    rerun_if_changed(&overlay);
    let corrections = evidence::of_overlay(&fs::read_to_string(&overlay).unwrap_or_default());
    let text = format!("{}\u{1d}{}", written(&rules), written(&corrections));
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(text.as_bytes()).expect("memory can be written");
    let packed = packed.finish().expect("memory can be written");
    fs::write(out.join("evidence.z"), packed).expect("the build folder can be written");
}

/// Relocations in their packed form take half a megabyte off a program for glibc, and need 2.36 or newer of it where
/// the program runs: they are asked for if that is this machine and it has one. Linkers that know nothing of them say
/// so and go on.
fn pack_relocations() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|is| is == value);
    let stays = env::var("HOST").is_ok_and(|host| is("TARGET", &host));
    if stays
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && glibc() >= Some((2, 36))
    {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// Folding functions that came out the same takes a hundred kilobytes and more off a release. Not every linker can,
/// and those that cannot give up: the one that will be used is asked, by letting it link next to nothing.
fn fold_identical_code() {
    const FOLD: &str = "-Wl,--icf=all";
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if is_release && links_with(FOLD) {
        println!("cargo::rustc-link-arg-bins={FOLD}");
    }
}

/// Whether a program can be linked with `argument`, by the compiler, the flags and the linker of this build.
fn links_with(argument: &str) -> bool {
    let (Some(rustc), Some(out)) = (env::var_os("RUSTC"), env::var_os("OUT_DIR")) else { return false };
    let mut command = Command::new(rustc);
    command.args(["--crate-name", "probe", "--crate-type", "bin", "-"]);
    command.args(env::var("TARGET").map(|target| format!("--target={target}")));
    command.args(env::var("RUSTC_LINKER").map(|linker| format!("-Clinker={linker}")));
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    command.args(flags.split('\u{1f}').filter(|flag| !flag.is_empty()));
    command.arg(format!("-Clink-arg={argument}")).arg("--out-dir").arg(out);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut compiler) = command.spawn() else { return false };
    let told = compiler.stdin.take().is_some_and(|mut source| source.write_all(b"fn main() {}").is_ok());
    told & compiler.wait().is_ok_and(|status| status.success())
}

/// Version of this machine's glibc.
fn glibc() -> Option<(u32, u32)> {
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    let (major, minor) = said.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// What is not there is left out: cargo would take it for changed at every build.
fn rerun_if_changed(path: &Path) {
    if path.exists() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// `src/domain/commission/mod.rs` is the module `domain::commission`.
fn module(root: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(root).unwrap_or(file).with_extension("");
    let mut parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts.join("::")
}

/// One list: ASCII's separators stand between records and units.
fn written(rules: &[Found]) -> String {
    let records =
        rules.iter().map(|Found { place, says, evidence }| format!("{place}\u{1f}{says}\u{1f}{evidence}"));
    records.collect::<Vec<_>>().join("\u{1e}")
}
