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
        #[cfg(feature = "codings")]
        "br" => brotli_decompressor::Decompressor::new(body, 4096).take(LARGEST + 1).read_to_end(&mut out),
        #[cfg(feature = "codings")]
        "zstd" => ruzstd::decoding::StreamingDecoder::new(body)
            .map_err(std::io::Error::other)
            .and_then(|decoder| decoder.take(LARGEST + 1).read_to_end(&mut out)),
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

    #[cfg(feature = "codings")]
    #[test]
    fn brotli_and_zstandard_are_undone() {
        // The same text as the reference programs of both packed it.
        let text = "hello ".repeat(200);
        const BROTLI: &[u8] = b"\x1b\xaf\x04\xf8\x8d\x94n\xdeDU\x86\x96l oa[\x1c\x80\x8c8";
        const ZSTANDARD: &[u8] = b"(\xb5/\xfdd\xb0\x03m\x00\x000hello \x01\x00\xa7\xe4/E\x1f\xd2\xfeN";
        assert_eq!(decoded("br", BROTLI).as_deref(), Ok(text.as_bytes()));
        assert_eq!(decoded("zstd", ZSTANDARD).as_deref(), Ok(text.as_bytes()));
        assert!(decoded("br", b"hello").expect_err("no brotli").starts_with("the body says that it is br"));
        assert!(decoded("zstd", b"hello").expect_err("no zstd").starts_with("the body says that it is zstd"));
    }

    #[test]
    fn what_cannot_be_undone_says_why() {
        assert_eq!(
            decoded("compress", b"x").expect_err("not read"),
            "the body is encoded as compress, which is not read"
        );
        assert!(decoded("gzip", b"plain").expect_err("no gzip").starts_with("the body says that it is gzip"));
    }
}
