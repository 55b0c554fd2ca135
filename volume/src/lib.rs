//! A medical image volume: voxels, geometry in patient space, label maps, resampling and statistics
