using System.Globalization;
using CnnViz.Ascent;
using CnnViz.Pictures;
using CnnViz.Showing.Drawing;
using CnnViz.Showing.Files;

namespace CnnViz.Showing.Animations;

/// <summary>
/// The way of pictures from what they began with to what they have become: of one alone, or of several side by side, each at the same step
/// as the others. A picture that is done before the others stands still. Or one finished picture after the other.
/// </summary>
/// <param name="isSequence">Whether the pictures themselves are the frames.</param>
public sealed class FilterAnimation(bool isSequence = false)
{
    private readonly List<FilterImageFacts> _facts = [];
    private readonly List<IReadOnlyList<FilterSnapshot>> _ascents = [];
    private readonly List<FilterSnapshot> _sequence = [];
    private Picture? _first;

    /// <summary>Number of pictures.</summary>
    public int Count => _facts.Count;

    /// <summary>Takes a picture in.</summary>
    /// <param name="image">The picture; it may be disposed afterwards.</param>
    /// <exception cref="ObjectDisposedException">The picture was disposed.</exception>
    /// <exception cref="CnnVizException">It has no snapshots or, in a sequence, another size than the first picture.</exception>
    public void Add(FilterImage image)
    {
        FilterImageFacts facts = FilterImageFacts.Of(image);
        if (isSequence)
        {
            AddFrame(image);
        }
        else if (image.Snapshots.Count > 0)
        {
            _ascents.Add(image.Snapshots);
        }
        else
        {
            throw new CnnVizException(
                "NoSnapshots",
                $"The picture {image} has no snapshots of its ascent.",
                "Use -SnapshotEvery of Invoke-FilterMaximization or Invoke-ClassMaximization; picture files do not contain snapshots. -Sequence makes a "
                + "frame of each picture.");
        }

        _first ??= Picture.Of(image);
        _facts.Add(facts);
    }

    /// <summary>What a file's name is made of: the first picture.</summary>
    internal Picture First => _first ?? throw new InvalidOperationException("The animation has no picture.");

    /// <summary>The steps that the frames show.</summary>
    internal int[] Steps => [.. _ascents.SelectMany(ascent => ascent.Select(snapshot => snapshot.Step)).Distinct().Order()];

    internal PictureFacts Facts
    {
        get
        {
            FilterImageFacts[] facts = [.. _facts.Select(each => each with { Frames = Steps.Length })];
            return facts is [FilterImageFacts one]
                ? one.ToPictureFacts()
                : new PictureFacts(
                    string.Create(CultureInfo.InvariantCulture, $"{facts[0].Model}: {facts.Length} pictures"), FactsText.Write(new { pictures = facts }));
        }
    }

    /// <summary>The frames, RGB, all of one size.</summary>
    /// <param name="longestSide">The longest side that they may have.</param>
    /// <param name="drawn">Called after each; or null.</param>
    /// <exception cref="CnnVizException">They would be larger.</exception>
    internal IReadOnlyList<PictureBytes> Draw(int longestSide, Action? drawn = null)
    {
        var grid = new FrameGrid([.. _ascents.Select(ascent => Open(ascent[0])).Select(picture => (picture.Height, picture.Width))]);
        if (Math.Max(grid.Height, grid.Width) > longestSide)
        {
            throw new CnnVizException(
                "AnimationTooLarge",
                $"{_ascents.Count} pictures side by side need {grid.Height}×{grid.Width} pixels, but the format allows at most {longestSide} per side.",
                "Give fewer pictures, or choose another -Format.");
        }

        // What has not changed since the last frame is left as it was.
        Canvas canvas = grid.Empty();
        var frames = new List<PictureBytes>();
        foreach (int step in Steps)
        {
            for (int i = 0; i < _ascents.Count; i++)
            {
                if (_ascents[i].FirstOrDefault(snapshot => snapshot.Step == step) is { } snapshot)
                {
                    grid.Place(canvas, Open(snapshot), i);
                }
            }

            frames.Add(canvas.ToPicture());
            drawn?.Invoke();
        }

        return frames;
    }

    private void AddFrame(FilterImage image)
    {
        if (_first is not null && (image.Height, image.Width) != (_facts[0].Height, _facts[0].Width))
        {
            throw new CnnVizException(
                "FrameSizeMismatch",
                $"The picture {image} is not as large as the first one of the animation: {_facts[0].Height}×{_facts[0].Width}.",
                "Give pictures of one size.");
        }

        if (_sequence.Count == 0)
        {
            _ascents.Add(_sequence);
        }

        _sequence.Add(new FilterSnapshot(_sequence.Count, image.Activation, ImageFile.ToPng(image.Tensor)));
    }

    private static PictureBytes Open(FilterSnapshot snapshot) => new PictureFile(snapshot.Png, "a snapshot").Decode(depth: 3);
}
