//! Clinical images in, training data out: recipes, pipeline, manifest, exports, report
