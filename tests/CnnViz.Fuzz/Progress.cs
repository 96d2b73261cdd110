using System.IO.MemoryMappedFiles;

namespace CnnViz.Fuzz;

/// <summary>What a process has done, in a file that is up to date even if the process ended in the middle.</summary>
internal sealed class Progress : IDisposable
{
    private const int Numbers = 8;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <param name="path">Path of the file, which need not be there.</param>
    public Progress(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Numbers * sizeof(long));
        _view = _file.CreateViewAccessor();
    }

    /// <summary>Number of the input that is being read.</summary>
    public long Current
    {
        get => _view.ReadInt64(0);
        set => _view.Write(0, value);
    }

    /// <summary>How many were read.</summary>
    public long Read
    {
        get => _view.ReadInt64(8);
        set => _view.Write(8, value);
    }

    /// <summary>How many were refused.</summary>
    public long Refused
    {
        get => _view.ReadInt64(16);
        set => _view.Write(16, value);
    }

    /// <summary>Time of the slowest.</summary>
    public TimeSpan Slowest
    {
        get => new(_view.ReadInt64(24));
        set => _view.Write(24, value.Ticks);
    }

    /// <summary>The most that .NET allocated for one, in bytes.</summary>
    public long Allocated
    {
        get => _view.ReadInt64(32);
        set => _view.Write(32, value);
    }

    /// <summary>The most that a process ever had, in bytes.</summary>
    public long PeakMemory
    {
        get => _view.ReadInt64(40);
        set => _view.Write(40, value);
    }

    /// <summary>How many different things inputs did.</summary>
    public long Behaviours
    {
        get => _view.ReadInt64(48);
        set => _view.Write(48, value);
    }

    /// <summary>Counts an input.</summary>
    public void Add(Trial trial)
    {
        Read += trial.IsRead ? 1 : 0;
        Refused += trial.IsRead ? 0 : 1;
        Slowest = trial.Time > Slowest ? trial.Time : Slowest;
        Allocated = Math.Max(Allocated, trial.Allocated);
        PeakMemory = Math.Max(PeakMemory, trial.Peak);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
