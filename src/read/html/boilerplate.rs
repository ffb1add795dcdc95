//! Which elements of a web page stand around its content: navigation, banners, notices about cookies.
//!
//! What the page says itself (`nav`, `main`, roles) goes before what the density of links tells. No rule takes more
//! than half of the page's text: then it has misunderstood the page.

use super::tokens::{Item, Page, Sort};

/// What is known about the text in an element.
#[derive(Debug, Clone, Copy, Default)]
struct Content {
    characters: usize,
    /// Characters in links that lead to other pages. Links within the page are its table of contents.
    linked: usize,
    links: usize,
    sentences: usize,
}

impl Content {
    fn add(&mut self, other: Content) {
        self.characters += other.characters;
        self.linked += other.linked;
        self.links += other.links;
        self.sentences += other.sentences;
    }
}

/// Whether each element is boilerplate. `text` is the page.
pub(super) fn judge(page: &Page, text: &str) -> Vec<bool> {
    let contents = contents(page, text);
    let total: usize = contents.iter().map(|c| c.characters).max().unwrap_or(0);
    let mut judged = vec![false; page.elements.len()];
    let main = main_element(page, &contents, total);
    let outer_titles = title_count(page);
    let mut open: Vec<u32> = Vec::new();
    // How many open elements hold the content, and whether the main element was seen or is open.
    let (mut articles, mut in_main) = (0usize, 0usize);
    for item in &page.items {
        match item {
            Item::Open(index, _) => {
                open.push(*index);
                let i = *index as usize;
                let element = &page.elements[i];
                in_main += usize::from(main == Some(i));
                if is_content(&element.name, element.attribute("role")) {
                    articles += 1;
                    continue;
                }
                let content = contents[i];
                let small = content.characters * 2 <= total;
                judged[i] = small
                    && (says_so(page, i, articles > 0, outer_titles)
                        || named_so(page, i, content)
                        || (articles == 0 && in_main == 0 && is_link_list(element.sort, content))
                        || element.name == "title");
                // Beside the main element, but not around it.
                if let Some(main) = main
                    && in_main == 0
                    && element.sort != Sort::Inline
                    && contents[i].characters < contents[main].characters
                {
                    judged[i] = true;
                }
            }
            Item::Close => {
                if let Some(index) = open.pop() {
                    let element = &page.elements[index as usize];
                    articles -= usize::from(is_content(&element.name, element.attribute("role")));
                    in_main -= usize::from(main == Some(index as usize));
                }
            }
            _ => {}
        }
    }
    judged
}

fn is_content(name: &str, role: &str) -> bool {
    matches!(name, "main" | "article") || matches!(role, "main" | "article")
}

/// The only `main` element, or the only `article` of a page without one, if it holds at least half of the text.
fn main_element(page: &Page, contents: &[Content], total: usize) -> Option<usize> {
    for wanted in ["main", "article"] {
        let named = |e: &super::tokens::Element| e.name == wanted || e.attribute("role") == wanted;
        let mut found = (0..page.elements.len()).filter(|&i| named(&page.elements[i]));
        if let (Some(only), None) = (found.next(), found.next()) {
            return (contents[only].characters * 2 >= total).then_some(only);
        }
    }
    None
}

fn title_count(page: &Page) -> usize {
    page.elements.iter().filter(|e| e.sort == Sort::Heading(1)).count()
}

/// What the element's name and role say. The header of a page whose only main title stands in it is content.
fn says_so(page: &Page, index: usize, in_article: bool, titles: usize) -> bool {
    let element = &page.elements[index];
    match element.name.as_str() {
        "nav" => return true,
        "header" => return !in_article && titles != 1,
        "footer" | "aside" => return !in_article,
        _ => {}
    }
    match element.attribute("role") {
        "navigation" | "search" | "menu" | "menubar" | "toolbar" | "alertdialog" => true,
        "banner" => !in_article && titles != 1,
        "contentinfo" | "complementary" => !in_article,
        _ => false,
    }
}

/// Names that authors give to what stands around the content, as parts of classes and identifiers. Put together
/// from general knowledge of web pages, not counted.
const NAMES: [&str; 17] = [
    "nav",
    "navbar",
    "navigation",
    "menu",
    "breadcrumb",
    "breadcrumbs",
    "sidebar",
    "pagination",
    "pager",
    "share",
    "sharing",
    "social",
    "toolbar",
    "skiplink",
    "skip",
    "topbar",
    "langswitch",
];
const CONSENT: [&str; 4] = ["cookie", "cookies", "consent", "gdpr"];

/// A class or identifier tells it, and the text does not contradict: two fifths of a menu are links, a notice about
/// cookies is short. Both limits are chosen, not measured.
fn named_so(page: &Page, index: usize, content: Content) -> bool {
    let element = &page.elements[index];
    if matches!(element.name.as_str(), "html" | "body") || element.sort == Sort::Inline {
        return false;
    }
    let names = [element.attribute("class"), element.attribute("id")].join(" ").to_ascii_lowercase();
    let mut parts = names.split(|c: char| !c.is_ascii_alphanumeric()).filter(|p| !p.is_empty());
    parts.any(|part| {
        (CONSENT.contains(&part) && content.characters <= 2000)
            || (NAMES.contains(&part) && content.links > 0 && content.linked * 5 >= content.characters * 2)
    })
}

/// Four links or more to other pages, hardly any text beside them, no sentence. Chosen, not measured.
fn is_link_list(sort: Sort, content: Content) -> bool {
    matches!(sort, Sort::List | Sort::Block | Sort::Table | Sort::Paragraph)
        && content.links >= 4
        && content.sentences == 0
        && content.linked * 10 >= content.characters * 8
}

fn contents(page: &Page, text: &str) -> Vec<Content> {
    let mut contents = vec![Content::default(); page.elements.len()];
    let mut open: Vec<u32> = Vec::new();
    let (mut links, mut code) = (0usize, 0usize);
    let is_link = |i: u32| {
        let element = &page.elements[i as usize];
        element.name == "a" && element.find("href").is_some_and(|to| !to.starts_with('#'))
    };
    let is_code = |i: u32| page.elements[i as usize].sort == Sort::Code;
    for item in &page.items {
        let text = match item {
            Item::Open(index, _) => {
                links += usize::from(is_link(*index));
                code += usize::from(is_code(*index));
                contents[*index as usize].links += usize::from(is_link(*index));
                open.push(*index);
                continue;
            }
            Item::Close => {
                let Some(index) = open.pop() else { continue };
                links -= usize::from(is_link(index));
                code -= usize::from(is_code(index));
                if let Some(&parent) = open.last() {
                    let content = contents[index as usize];
                    contents[parent as usize].add(content);
                }
                continue;
            }
            Item::Copied(bytes) => &text[bytes.clone()],
            Item::Written(_, text) => text.as_str(),
        };
        let Some(&inner) = open.last().filter(|_| code == 0) else { continue };
        let characters = text.chars().filter(|c| !c.is_whitespace()).count();
        contents[inner as usize].add(Content {
            characters,
            linked: if links > 0 { characters } else { 0 },
            links: 0,
            sentences: text.matches(['。', '！', '？']).count() + text.matches(". ").count(),
        });
    }
    contents
}
