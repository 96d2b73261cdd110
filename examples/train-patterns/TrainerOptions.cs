using System.Globalization;
using System.Reflection;

namespace CnnViz.Patterns;

/// <summary>What the command line says.</summary>
internal sealed record TrainerOptions
{
    /// <summary>The help.</summary>
    public const string Usage =
        """
        Trains the built-in network on pictures of patterns, and writes patterns.onnx.

          --minutes N      time to train for (25)
          --seed S         start weights and training pictures (1)
          --out FOLDER     where the model goes (module/models)
          --preview FILE   only draws a sheet of samples: a row a pattern in the order of the classes, a column a hue
        """;

    /// <summary>Time to train for.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(25);

    /// <summary>Start weights and training pictures.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Folder of the model.</summary>
    public string OutputFolder { get; init; } = Path.Combine(RepositoryRoot, "module", "models");

    /// <summary>A file for a sheet of samples instead of training; null to train.</summary>
    public string? Preview { get; init; }

    /// <summary>Where a run is kept, so that it can be taken up again: one file for each seed and time.</summary>
    public string CheckpointFile => Path.Combine(
        RepositoryRoot,
        "artifacts",
        "train-patterns",
        string.Create(CultureInfo.InvariantCulture, $"seed{Seed}-{Duration.TotalMinutes:0.##}min.checkpoint"));

    private static string RepositoryRoot { get; } = typeof(TrainerOptions).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It has something that is not known, or a value that is none.</exception>
    public static TrainerOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new TrainerOptions();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"{arguments[i]} needs a value.");
            options = arguments[i] switch
            {
                "--minutes" => options with { Duration = Minutes(value) },
                "--seed" => options with
                {
                    Seed = ulong.TryParse(value, CultureInfo.InvariantCulture, out ulong seed)
                        ? seed
                        : throw new FormatException($"'{value}' is not a seed."),
                },
                "--out" => options with { OutputFolder = Path.GetFullPath(value) },
                "--preview" => options with { Preview = Path.GetFullPath(value) },
                string other => throw new FormatException($"There is no option {other}."),
            };
        }

        return options;
    }

    private static TimeSpan Minutes(string value) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out double minutes) && minutes is > 0 and < 10_000
            ? TimeSpan.FromMinutes(minutes)
            : throw new FormatException($"'{value}' is not a number of minutes.");
}
