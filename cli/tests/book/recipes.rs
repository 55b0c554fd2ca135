use isocenter::Recipe;

use crate::blocks;

#[test]
fn every_recipe_of_the_book_is_one() {
    let mut seen = 0;
    for block in blocks::pages().iter().flat_map(|page| blocks::of(page)).filter(|b| b.kind == "toml") {
        if block.page.ends_with("deid.md") {
            let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
            std::fs::write(file.path(), &block.text).unwrap();
            let profile = isocenter::deidentify::load_profile(file.path().to_str().unwrap());
            assert!(profile.is_ok(), "{}:{}: {profile:?}", block.page.display(), block.line);
            continue;
        }
        // a part of a recipe has no name of its own
        let has_name = block.text.lines().take_while(|l| !l.starts_with('[')).any(|l| l.starts_with("name"));
        let text = if has_name { block.text.clone() } else { format!("name = 'x'\n{}", block.text) };
        if let Err(error) = Recipe::parse(&text) {
            panic!("{}:{}: {error}\n{}", block.page.display(), block.line, block.text);
        }
        seen += 1;
    }
    assert!(seen >= 4);
}
