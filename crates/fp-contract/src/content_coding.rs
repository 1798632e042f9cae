//! Bodies that come compressed.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::{MultiGzDecoder, ZlibDecoder};

/// The largest body that is unpacked: a small one can hold gigabytes of nothing.
const LARGEST: u64 = 256 * 1024 * 1024;

/// The body without its content coding; the error says why it could not be undone.
pub(crate) fn decoded<'b>(coding: &str, body: &'b [u8]) -> Result<Cow<'b, [u8]>, String> {
    let coding = coding.trim().to_ascii_lowercase();
    let mut out = Vec::new();
    let read = match coding.as_str() {
        "" | "identity" => return Ok(Cow::Borrowed(body)),
        "gzip" | "x-gzip" => MultiGzDecoder::new(body).take(LARGEST + 1).read_to_end(&mut out),
        "deflate" => ZlibDecoder::new(body).take(LARGEST + 1).read_to_end(&mut out),
        _ => return Err(format!("the body is encoded as {coding}, which is not read")),
    };
    match read {
        Ok(len) if len as u64 > LARGEST => Err(format!("the body unpacks to more than {LARGEST} bytes")),
        Ok(_) => Ok(Cow::Owned(out)),
        Err(error) => Err(format!("the body says that it is {coding} and is not: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    #[test]
    fn gzip_and_deflate_are_undone() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(b"hello").expect("memory");
        assert_eq!(decoded("GZIP", &gzip.finish().expect("memory")).as_deref(), Ok(&b"hello"[..]));
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"hello").expect("memory");
        assert_eq!(decoded("deflate", &zlib.finish().expect("memory")).as_deref(), Ok(&b"hello"[..]));
        assert_eq!(decoded("", b"hello").as_deref(), Ok(&b"hello"[..]));
    }

    #[test]
    fn what_cannot_be_undone_says_why() {
        assert_eq!(
            decoded("br", b"x").expect_err("no brotli"),
            "the body is encoded as br, which is not read"
        );
        assert!(decoded("gzip", b"plain").expect_err("no gzip").starts_with("the body says that it is gzip"));
    }
}
