namespace CnnViz.Fuzz;

/// <summary>What is decided by chance: the same seed decides the same.</summary>
/// <param name="seed">The seed.</param>
/// <param name="words">Texts that are worth trying in place of others, such as paths that lead out of the folder.</param>
internal sealed class Chance(int seed, IReadOnlyList<string> words)
{
    private static readonly long[] s_numbers =
    [
        0, 1, 2, 3, 4, 7, 8, 15, 16, 63, 64, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 1 << 20, 1 << 24, 0x7FFFFFFF, 0x80000000,
        0xFFFFFFFE, 0xFFFFFFFF, 1L << 32, (1L << 32) + 1, 1L << 40, 1L << 61, 1L << 62, long.MaxValue - 1, long.MaxValue, long.MinValue, -1, -2, -8,
    ];

    private readonly Random _random = new(seed);

    /// <summary>A whole number from 0 to below a bound.</summary>
    public int Below(int bound) => _random.Next(bound);

    /// <summary>A whole number in a range.</summary>
    public int Between(int first, int last) => _random.Next(first, last + 1);

    /// <summary>Whether one of so many comes true.</summary>
    public bool OneIn(int count) => _random.Next(count) == 0;

    /// <summary>One of a list, which has some.</summary>
    public T Of<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];

    /// <summary>A number that is at some edge, or a small one.</summary>
    public long Number() => _random.Next(4) == 0 ? _random.Next(300) : Of(s_numbers);

    /// <summary>A text that is worth trying.</summary>
    public string Word() => Of(words);

    /// <summary>Random bytes.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>How often something is repeated: mostly a few times, now and then very often.</summary>
    public int Repeats() => _random.Next(8) switch
    {
        0 => _random.Next(100, 20_000),
        1 or 2 => _random.Next(10, 300),
        _ => _random.Next(1, 4),
    };
}
