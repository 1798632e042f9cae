//! Pages of v1's lists: bare arrays, told about by headers.

use serde::Serialize;

use crate::wire::page::Page;
use crate::wire::reply::Reply;

/// The URL of a list as the client wrote it.
#[derive(Clone, Copy, Debug)]
pub struct ListUrl<'a> {
    /// Host and port; empty if the client named none.
    pub host: &'a str,
    /// Path and query.
    pub target: &'a str,
}

/// 200 with one page of a list of `total` rows and the headers `Link`, `Total` and `Per-Page`.
///
/// Evidence: published v1 documents (the links stand in a header), service behaviour notes; that public clients
/// read `Total` and `Per-Page` is chosen as a reason to send them.
pub fn reply(url: ListUrl<'_>, page: Page, total: usize, rows: &impl Serialize) -> Reply {
    let reply = Reply::ok(rows)
        .with_header("total", total.to_string())
        .with_header("per-page", page.size.to_string());
    let links = links(url, page, total);
    if links.is_empty() { reply } else { reply.with_header("link", links) }
}

/// `<url>; rel="first", <url>; rel="prev", <url>; rel="last", <url>; rel="next"`, as far as they exist.
fn links(url: ListUrl<'_>, page: Page, total: usize) -> String {
    let last = total.div_ceil(page.size).max(1);
    let mut links = Vec::new();
    if page.number > 1 {
        links.extend([(1, "first"), ((page.number - 1).min(last), "prev")]);
    }
    if page.number < last {
        links.extend([(last, "last"), (page.number + 1, "next")]);
    }
    let shown = |(number, rel)| format!("<{}>; rel=\"{rel}\"", numbered(url, number));
    links.into_iter().map(shown).collect::<Vec<_>>().join(", ")
}

/// The URL with another `page`; everything else of its query stays.
fn numbered(url: ListUrl<'_>, number: usize) -> String {
    let (path, query) = url.target.split_once('?').unwrap_or((url.target, ""));
    let is_kept = |pair: &&str| !pair.is_empty() && pair.split('=').next() != Some("page");
    let page = format!("page={number}");
    let query: Vec<&str> = query.split('&').filter(is_kept).chain([page.as_str()]).collect();
    let origin = if url.host.is_empty() { String::new() } else { format!("http://{}", url.host) };
    format!("{origin}{path}?{}", query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links_of(target: &str, number: usize, total: usize) -> String {
        links(ListUrl { host: "api.test", target }, Page { number, size: 20 }, total)
    }

    #[test]
    fn only_pages_that_exist_are_linked() {
        assert_eq!(links_of("/l", 1, 20), "");
        assert_eq!(links_of("/l", 1, 0), "");
        assert_eq!(
            links_of("/l", 1, 41),
            "<http://api.test/l?page=3>; rel=\"last\", <http://api.test/l?page=2>; rel=\"next\""
        );
        assert_eq!(
            links_of("/l?page=3", 3, 41),
            "<http://api.test/l?page=1>; rel=\"first\", <http://api.test/l?page=2>; rel=\"prev\""
        );
        assert!(links_of("/l?page=9", 9, 41).ends_with("<http://api.test/l?page=3>; rel=\"prev\""));
    }

    #[test]
    fn the_rest_of_the_query_stays() {
        let links = links_of("/l?ref_id=jane89&page=1&per_page=20", 1, 21);
        assert!(
            links.starts_with("<http://api.test/l?ref_id=jane89&per_page=20&page=2>; rel=\"last\""),
            "{links}"
        );
    }
}
