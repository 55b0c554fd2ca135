//! `isocenter recipe [NAME]`.

use isocenter::{Error, Recipe, recipe::reference};

use crate::{
    args::{Common, RecipeArgs},
    print,
};

pub(crate) fn run(args: &RecipeArgs, common: &Common) -> anyhow::Result<u8> {
    if args.keys {
        if common.json {
            print::json(common, &serde_json::json!(reference::keys().collect::<Vec<_>>()));
        } else {
            print::text(&reference::page());
        }
        return Ok(0);
    }
    let Some(name) = &args.name else {
        let names: Vec<&str> = Recipe::preset_names().collect();
        print::json(common, &serde_json::json!(names));
        for name in names {
            if let Some(Ok(recipe)) = Recipe::preset(name) {
                print::answer(common, &format!("{name:18} {}", recipe.description));
            }
        }
        return Ok(0);
    };
    let text = Recipe::preset_text(name).ok_or_else(|| Error::Recipe {
        message: format!(
            "there is no preset {name:?}; there are {}",
            Recipe::preset_names().collect::<Vec<_>>().join(", ")
        ),
    })?;
    if common.json {
        print::json(common, &serde_json::json!({ "name": name, "toml": text }));
    } else {
        print::text(text);
    }
    Ok(0)
}
