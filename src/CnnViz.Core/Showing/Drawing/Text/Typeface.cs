namespace CnnViz.Showing.Drawing.Text;

/// <summary>The typeface that ships with the module: Inter, by Rasmus Andersson (SIL Open Font License 1.1).</summary>
internal static class Typeface
{
    private static readonly Lazy<TrueTypeFont> s_regular = new(() => Load("Inter-Regular.ttf"), LazyThreadSafetyMode.PublicationOnly);
    private static readonly Lazy<TrueTypeFont> s_semiBold = new(() => Load("Inter-SemiBold.ttf"), LazyThreadSafetyMode.PublicationOnly);

    /// <exception cref="CnnVizException">The font file is missing or damaged.</exception>
    public static TrueTypeFont Regular => s_regular.Value;

    /// <exception cref="CnnVizException">The font file is missing or damaged.</exception>
    public static TrueTypeFont SemiBold => s_semiBold.Value;

    /// <summary>Reads a font that lies beside the module.</summary>
    /// <param name="name">Name of its file.</param>
    /// <exception cref="CnnVizException">The font file is missing or damaged.</exception>
    internal static TrueTypeFont Load(string name)
    {
        string path = Path.Combine(Path.GetDirectoryName(typeof(Typeface).Assembly.Location)!, "fonts", name);
        try
        {
            return TrueTypeFont.Read(path);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new CnnVizException(
                "FontNotFound", $"The font '{path}' cannot be read: {exception.Message}", "Build or install the module again.", exception);
        }
    }
}
