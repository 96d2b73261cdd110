using CnnViz;
using CnnViz.Benchmarks;
using CnnViz.Runtimes;

const string Usage = """
    filters [folder] [count]   Pictures of as many filters in each of four layers of GoogLeNet, by the default recipe, by Classic and by
                               Lucent's recipe as published, and their figures; count is 32 unless given.
    speed [folder] [count] [layer]
                               Times of steps and pictures by these recipes and the Keras guide's, and until ours are as good as Lucent's, for
                               count filters (4 unless given; 0 leaves that out) of each layer, or of those whose names contain
                               what is given; the share of what convolutions reach at all.
    choice [layer]             Times of batches of several sizes, against the default, for layers whose names contain what is given.
    busy                       Times of pictures beside a program at full load, and of two processes that make pictures.
    growth                     Times of more and of larger pictures.
    whole                      What all 7,280 filters of GoogLeNet would take.
    signal                     How short ascents of all 7,280 filters of GoogLeNet end.
    plain [models]             Pictures of filters of all models in a folder (models/field unless given), against pictures of one colour.
    preprocessing [models]     What the check of preprocessings at import says of all models in a folder.
    classes [folder] [count] [draw] [recipe ...]
                               Pictures of as many classes of GoogLeNet, by recipes (names or JSON; Robust, Natural and Reference unless given), and photos
                               of the classes: who recognises them; count is 100 unless given, and each number draws other classes.
    verdict [folder] [count] [patterns|deceivers|photos]
                               Verdicts on honest pictures, and on such as are not to be trusted, of count filters (16 unless given) of each layer.
    soak [ascents] [imports]   Memory, tensors, handles and threads of one process that makes so many pictures and imports so many models;
                               5,000 and 200 unless given.
    costs [network]            What plans estimate that pictures of layers cost, against processors' time, and how shares by it are balanced; for
                               networks whose names contain what is given.
    kills [folder] [count]     Processes that make shares of a plan and merge them, killed at random moments so many times (200 unless given), and
                               what is there in the end, against an undisturbed run; with pwsh on the path. The folder kills must not be there.

    Pictures that are in the folder (out/benchmarks unless given) are not made again. Models are looked for in ../shared/models, or in
    the folder models of the one that CNNVIZ_TEST_DATA names.
    """;

NativeLibraries.EnsureLoaded();
string folder = args.ElementAtOrDefault(1) ?? Path.Combine("out", "benchmarks");
int? count = int.TryParse(args.ElementAtOrDefault(2), out int given) ? given : null;
switch (args.FirstOrDefault())
{
    case "filters":
        FilterBenchmark.Run(Path.Combine(folder, "filters"), count ?? 32);
        return 0;
    case "speed":
        SpeedBenchmark.Run(Path.Combine(folder, "filters"), count ?? 4, args.ElementAtOrDefault(3) ?? string.Empty);
        return 0;
    case "choice":
        ChoiceBenchmark.Run(args.ElementAtOrDefault(1) ?? string.Empty);
        return 0;
    case "busy":
        BusyBenchmark.Run();
        return 0;
    case "companion":
        BusyBenchmark.RunCompanion(args.ElementAtOrDefault(1) == "spin" ? null : count);
        return 0;
    case "growth":
        GrowthBenchmark.Run();
        return 0;
    case "whole":
        GrowthBenchmark.RunWhole();
        return 0;
    case "signal":
        SignalBenchmark.Run();
        return 0;
    case "plain":
        PlainBenchmark.Run(args.ElementAtOrDefault(1) ?? Path.Combine(BenchmarkModels.Folder, "field"));
        return 0;
    case "preprocessing":
        PreprocessingBenchmark.Run(args.ElementAtOrDefault(1) ?? Path.Combine(BenchmarkModels.Folder, "field"));
        return 0;
    case "classes":
        ClassBenchmark.Run(Path.Combine(folder, "classes"), count ?? 100, int.TryParse(args.ElementAtOrDefault(3), out int draw) ? draw : 1, [.. args.Skip(4)]);
        return 0;
    case "verdict":
        VerdictBenchmark.Run(Path.Combine(folder, "verdict"), count ?? 16, args.ElementAtOrDefault(3) ?? "patterns");
        return 0;
    case "soak":
        SoakBenchmark.Run(int.TryParse(args.ElementAtOrDefault(1), out int ascents) ? ascents : 5_000, count ?? 200);
        return 0;
    case "costs":
        CostBenchmark.Run(args.ElementAtOrDefault(1) ?? string.Empty);
        return 0;
    case "kills":
        return KillBenchmark.Run(Path.Combine(folder, "kills"), count ?? 200) ? 0 : 1;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}
