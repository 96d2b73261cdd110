using System.Globalization;
using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Networks;

namespace CnnViz.Showing.Terminal;

/// <summary>What stands below a picture: what it is of, and the activation.</summary>
/// <param name="Name">What it is of, such as <c>inception_4c/3x3:7</c>.</param>
/// <param name="Activation">The activation.</param>
internal sealed record TerminalCaption(string Name, string Activation)
{
    private const string Ellipsis = "…";
    private const string Separator = ", ";

    /// <summary>The caption of a filter's picture.</summary>
    public static TerminalCaption Of(FilterImage image)
    {
        string name = image.Grid is not null ? image.Objective
            : image.Recipe.Dream is not null ? $"{Path.GetFileName(image.InitialImage)} {image.Objective}"
            : image.ClassName is { } className ? $"{image.Objective} {ClassLists.Synonyms(className)[0]}"
            : image.Objective;
        return new TerminalCaption(Clean(name), Figure(image.Activation));
    }

    /// <summary>The caption of a part of an image, or of a map over it.</summary>
    public static TerminalCaption Of(ActivationPicture picture)
    {
        int? rank = picture is FilterPatch patch ? patch.Rank : (picture as FilterMap)?.Rank;
        string className = picture is FilterMap { ClassName: { } name } ? $" {ClassLists.Synonyms(name)[0]}" : string.Empty;
        string place = rank is { } number ? string.Create(CultureInfo.InvariantCulture, $" #{number}") : string.Empty;
        return new TerminalCaption(Clean($"{picture.Layer}:{picture.Filter}{className}{place} {picture.Image}"), Figure(picture.Max));
    }

    /// <summary>The caption, cut to a width. Of a long name the end is kept: that is where names of layers differ.</summary>
    /// <param name="width">Cells that there are.</param>
    /// <param name="measure">Cells that a text takes.</param>
    public string Fit(int width, Func<string, int> measure)
    {
        string tail = Separator + Activation;
        if (measure(Name + tail) <= width)
        {
            return Name + tail;
        }

        // The figure goes before the last of the name does.
        tail = measure(tail) + 4 <= width ? tail : string.Empty;
        string[] letters = Letters(Name);
        for (int skip = tail.Length == 0 && measure(Name) <= width ? 0 : 1; skip < letters.Length; skip++)
        {
            string text = (skip == 0 ? string.Empty : Ellipsis) + string.Concat(letters[skip..]) + tail;
            if (measure(text) <= width)
            {
                return text;
            }
        }

        return string.Empty;
    }

    /// <summary>A text without what a terminal would take for an order; names come out of files that others made.</summary>
    public static string Clean(string text) => string.Concat(text.Select(character => char.IsControl(character) ? '\uFFFD' : character));

    // Signs that are made of several characters stay whole.
    private static string[] Letters(string text)
    {
        int[] starts = StringInfo.ParseCombiningCharacters(text);
        return [.. starts.Select((start, i) => text[start..(i + 1 < starts.Length ? starts[i + 1] : text.Length)])];
    }

    private static string Figure(float value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
