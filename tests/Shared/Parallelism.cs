// libtorch uses all cores by itself, and live tensors are counted for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
