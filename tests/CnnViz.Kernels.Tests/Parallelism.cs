// There is one team of threads; tests of it must have it to themselves.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
