using System.Diagnostics;
using CnnViz.Ascent;
using CnnViz.Networks;

namespace CnnViz.Benchmarks;

/// <summary>Times of pictures beside other work on all processors, in turns with times on the machine as it is.</summary>
internal static class BusyBenchmark
{
    private const int Rounds = 5;
    private const int Steps = 128;
    private const int Batch = 8;
    private const string Layer = "inception_5a/3x3";

    // For how long two processes are compared with one, in seconds.
    private const double Shared = 20;

    public static void Run()
    {
        using CnnModel model = BenchmarkModels.Load("googlenet");
        CnnLayer layer = model.GetLayer(Layer);
        Seconds(layer, 1);
        Seconds(layer, Batch);
        (string Name, Func<IDisposable?> Begin)[] conditions =
        [
            ("idle", () => null),
            ("beside a busy process", () => new Companion("spin")),
            ("beside a niced one", () => new Companion("spin", isNiced: true)),
        ];
        var times = conditions.ToDictionary(condition => condition.Name, _ => (Alone: new List<double>(), Together: new List<double>()));
        for (int round = 0; round < Rounds; round++)
        {
            foreach ((string name, Func<IDisposable?> begin) in conditions)
            {
                using IDisposable? other = begin();
                times[name].Alone.Add(Seconds(layer, 1));
                times[name].Together.Add(Seconds(layer, Batch) / Batch);
            }
        }

        Console.WriteLine($"GoogLeNet's {Layer}, {Steps} steps, 128 px; seconds a picture, medians of {Rounds}, in turns. The busy process has a thread");
        Console.WriteLine("at full load for each processor.");
        Console.WriteLine();
        Console.WriteLine("| | a picture alone, s | ÷ idle | in a batch of 8, s | ÷ idle |");
        Console.WriteLine("|---|---|---|---|---|");
        (double Alone, double Together) idle = Medians(times["idle"]);
        foreach ((string name, _) in conditions)
        {
            (double alone, double together) = Medians(times[name]);
            Console.WriteLine(FormattableString.Invariant(
                $"| {name} | {alone:0.00} | {alone / idle.Alone:0.00} | {together:0.00} | {together / idle.Together:0.00} |"));
        }

        foreach (int batch in new[] { 1, Batch })
        {
            double one = Pictures(layer, batch);
            using var other = new Companion($"pictures {batch}");
            other.WaitUntilReady();
            double both = Pictures(layer, batch) + other.Pictures();
            Console.WriteLine(FormattableString.Invariant(
                $"Two processes that make pictures {(batch == 1 ? "one at a time" : $"in batches of {batch}")} make {both / one:0.00} times what one makes alone."));
        }
    }

    /// <summary>What the other process does.</summary>
    /// <param name="batch">How many pictures it makes at a time; null for nothing but keeping all processors busy.</param>
    public static void RunCompanion(int? batch)
    {
        if (batch is null)
        {
            Parallel.For(0, Environment.ProcessorCount, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, _ =>
            {
                while (true)
                {
                    Thread.SpinWait(1000);
                }
            });
            return;
        }

        using CnnModel model = BenchmarkModels.Load("googlenet");
        CnnLayer layer = model.GetLayer(Layer);
        Seconds(layer, batch.Value);
        Console.WriteLine("ready");
        Console.WriteLine(FormattableString.Invariant($"{Pictures(layer, batch.Value)}"));
    }

    // Pictures a second.
    private static double Pictures(CnnLayer layer, int batch)
    {
        var clock = Stopwatch.StartNew();
        int made = 0;
        while (clock.Elapsed.TotalSeconds < Shared)
        {
            Seconds(layer, batch);
            made += batch;
        }

        return made / clock.Elapsed.TotalSeconds;
    }

    private static double Seconds(CnnLayer layer, int batch) => PlainAscent.Seconds(layer, Steps, batch) * Steps * batch;

    private static (double Alone, double Together) Medians((List<double> Alone, List<double> Together) times) =>
        (Figures.Median(times.Alone), Figures.Median(times.Together));

    // Another process of this program.
    private sealed class Companion : IDisposable
    {
        private readonly Process _process;

        public Companion(string work, bool isNiced = false)
        {
            string[] own = [Environment.ProcessPath!, typeof(Companion).Assembly.Location, "companion", .. work.Split(' ')];
            string[] command = Path.GetFileNameWithoutExtension(own[0]) == "dotnet" ? own : [own[0], .. own[2..]];
            command = isNiced ? ["nice", "-n", "19", .. command] : command;
            _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
            Thread.Sleep(1000);
        }

        public void WaitUntilReady() => _process.StandardOutput.ReadLine();

        public double Pictures() => double.Parse(_process.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);

        public void Dispose()
        {
            _process.Kill();
            _process.Dispose();
        }
    }
}
