namespace CnnViz.Import.PyTorch;

/// <summary>Memory that the values of a file's pickles may take, however few bytes describe them.</summary>
internal sealed class PickleBudget(WeightFile file)
{
    private long _left = 32 << 20;

    /// <summary>Takes a value's size off what is left.</summary>
    /// <param name="fields">Its 64-bit fields, beside the header that every object has.</param>
    /// <exception cref="ModelFormatException">Too little is left.</exception>
    public void Spend(long fields)
    {
        _left -= 16 + 8 * fields;
        if (_left < 0)
        {
            throw file.TooLarge("its pickle describes too many objects");
        }
    }
}
