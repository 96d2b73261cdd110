using System.Globalization;
using CnnViz.Fuzz;

const string Usage = """
    dotnet run -c Release --project tests/CnnViz.Fuzz -- FORMAT… [--count N] [--minutes M] [--seed S] [--folder F]

    Shows damaged files to the readers, in processes of their own: N of each format (20,000 unless given), or for M minutes each. Each must be
    read, or be one error, within two seconds of a processor and a bound of memory; no file outside its folder may be touched. The seed (1 unless
    given) decides the files. What should not happen is kept in F (out/fuzz unless given) with the files that did it.

        replay FORMAT FOLDER      Reads the files in a folder once, and prints what comes of it.
    """;

switch (args)
{
    case ["child", var name, var root, var seed, var first, var end]:
        FuzzChild.Run(FuzzFormats.Get(name), new RunFolders(root), int.Parse(seed, CultureInfo.InvariantCulture), Number(first), Number(end));
        return 0;
    case ["replay", var name, var folder]:
        return Replay.Run(FuzzFormats.Get(name), folder);
}

var options = new Dictionary<string, string>();
var names = new List<string>();
for (int i = 0; i < args.Length; i++)
{
    if (args[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length)
    {
        options[args[i]] = args[++i];
    }
    else
    {
        names.Add(args[i]);
    }
}

FuzzFormat[] formats = names is ["all"] ? [.. FuzzFormats.All] : [.. FuzzFormats.All.Where(format => names.Contains(format.Name))];
if (names.Count == 0 || (formats.Length != names.Count && names is not ["all"]))
{
    Console.Error.WriteLine(Usage);
    Console.Error.WriteLine($"\nFormats: all, {string.Join(", ", FuzzFormats.All)}");
    return 2;
}

TimeSpan limit = options.TryGetValue("--minutes", out string? minutes) ? TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)) : TimeSpan.MaxValue;
long count = options.TryGetValue("--count", out string? given) ? Number(given) : minutes is null ? 20_000 : long.MaxValue;
int seedOfRun = options.TryGetValue("--seed", out string? chosen) ? (int)Number(chosen) : 1;
string output = Path.GetFullPath(options.GetValueOrDefault("--folder") ?? Path.Combine("out", "fuzz"));
Console.WriteLine("format             inputs     read  refused  kinds  slowest  .NET at most  process  findings");
int findings = formats.Sum(format => FuzzRun.Run(format, Path.Combine(output, format.Name), seedOfRun, count, limit));
return findings == 0 ? 0 : 1;

static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
