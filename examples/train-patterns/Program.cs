using CnnViz.Patterns;
using CnnViz.Patterns.Drawing;
using CnnViz.Patterns.Training;
using CnnViz.Runtimes;

try
{
    TrainerOptions options = TrainerOptions.Parse(args);
    if (options.Preview is { } sheet)
    {
        ContactSheet.Write(sheet, options.Seed, Trainer.PictureSize);
        return 0;
    }

    NativeLibraries.EnsureLoaded();
    return TrainingRun.Execute(options) ? 0 : 1;
}
catch (FormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine(TrainerOptions.Usage);
    return 2;
}
