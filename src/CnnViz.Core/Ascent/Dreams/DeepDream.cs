using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// Exaggerates what layers see in a photo (Mordvintsev, Olah and Tyka, "Inceptionism: Going Deeper into Neural Networks", 2015): gradient
/// ascent on the photo, first at a small size, then at one larger octave after the other. What was dreamt is carried along, and the photo's
/// own detail comes back at each octave.
/// </summary>
/// <param name="objective">What is raised.</param>
/// <param name="recipe">The numbers: <see cref="Recipe.DeepDream"/>, with changes of the user's own. Of its parts, the number of steps, the
/// step size, whether the edge wraps, and the dream's settings count.</param>
/// <param name="seed">Where the tiles lie at each step follows from this.</param>
/// <exception cref="CnnVizException">The recipe is none for dreams.</exception>
public sealed class DeepDream(CnnObjective objective, Recipe recipe, long seed)
{
    private readonly CnnModel _model = objective.Model;
    private readonly Recipe _recipe = Checked(recipe);

    /// <summary>Dreams of one photo.</summary>
    /// <param name="path">Path of the photo.</param>
    /// <param name="progress">Told of every tile; or null.</param>
    /// <param name="cancellation">Stops between two operations of the network.</param>
    /// <returns>A picture of the photo's own size, upright; the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">The photo cannot be read, the model was disposed, the objective looks at a part of a map that is
    /// larger than a tile, or does not depend on the image in a way that has a gradient.</exception>
    /// <exception cref="ImageSizeException">The layers do not take tiles of the given size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public FilterImage Run(string path, IProgress<DreamProgress>? progress, CancellationToken cancellation) => RunIfMissing(path, null, progress, cancellation)!;

    /// <summary>The same, unless the dream is there already.</summary>
    /// <param name="path">Path of the photo.</param>
    /// <param name="existing">What is there; or null.</param>
    /// <param name="progress">Told of every tile; or null.</param>
    /// <param name="cancellation">Stops between two operations of the network.</param>
    /// <returns>As <see cref="Run"/>; null where it is there.</returns>
    /// <exception cref="CnnVizException">As <see cref="Run"/>.</exception>
    /// <exception cref="ImageSizeException">The layers do not take tiles of the given size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public FilterImage? RunIfMissing(string path, ExistingPictures? existing, IProgress<DreamProgress>? progress, CancellationToken cancellation)
    {
        using IDisposable lease = _model.Lease();
        using DisposeScope scope = torch.NewDisposeScope();
        DreamSettings settings = _recipe.Dream!;
        PictureFile file = PictureFile.Open(path);
        var octaves = new DreamOctaves(ImageFile.ReadWhole(file, _model.InputShape.Channels), settings, _model);
        DreamTiling tiling = DreamTiling.For(objective.Layers, settings, octaves.Sizes[0], _recipe.Views.Edge);
        ThrowIfCutApart(tiling, octaves.Sizes[^1]);
        Recipe known = Known(octaves, tiling);
        Extent size = octaves.Sizes[^1];
        if (existing?.HasDream(objective, known with { Size = new PictureSize((int)size.Height, (int)size.Width) }, seed, file.Sha256) == true)
        {
            return null;
        }

        var course = new DreamCourse(octaves.Sizes, _recipe.Steps, progress);
        var response = new TiledResponse(objective, tiling, cancellation);
        var climber = new Climber(objective);
        using (torch.Tensor photo = octaves.Photo(octaves.Sizes.Count - 1))
        {
            climber.AtStart = Look(response, photo, course);
        }

        (torch.Tensor image, bool isMoved) = Dream(octaves, response, climber, course);
        climber.AtEnd = Look(response, image, course);
        AscentResult result = climber.ToResult(image.squeeze(0).cpu(), null, []);
        return new FilterImage(isMoved || result.Status == AscentStatus.Diverged ? result : result with { Status = AscentStatus.Dead }, objective)
        {
            Seed = seed,
            Recipe = known,
            Minimized = false,
            Border = 0,
            InitialImage = path,
            InitialImageSha256 = file.Sha256,
            Spectrum = null,
            Elapsed = course.Elapsed,
        };
    }

    // The dream at the photo's own size: 1×C×H×W, and whether there was a gradient anywhere.
    private (torch.Tensor Image, bool IsMoved) Dream(DreamOctaves octaves, TiledResponse response, Climber climber, DreamCourse course)
    {
        using var random = new torch.Generator((ulong)seed);
        torch.Tensor image = octaves.Photo(0);
        bool isMoved = Dream(image, 0);
        for (int octave = 1; octave < octaves.Sizes.Count; octave++)
        {
            image = octaves.Next(image, octave - 1);
            isMoved |= Dream(image, octave);
        }

        return (image, isMoved);

        // All steps of an octave, in place.
        bool Dream(torch.Tensor image, int octave)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor gradient = torch.empty_like(image);
            ComparedPictures pictures = Compared(octaves.Sizes[octave]);
            bool isMoved = false;
            for (int step = 0; step < _recipe.Steps && climber.IsClimbing; step++)
            {
                float[] draws = torch.rand([DreamTiling.Draws], generator: random).ToFloats();
                (float value, float magnitude) = response.Differentiate(image, gradient, pictures, draws, course.Dreamt);
                climber.Advance(value, isFlat: false, float.IsFinite(magnitude));
                if (climber.IsClimbing && magnitude > 0)
                {
                    image.AddInPlace(gradient, alpha: _recipe.Update.StepSize!.Value / magnitude).ClampInPlace(0, 1);
                    isMoved = true;
                }

                course.Step(octave, step, value);
            }

            return isMoved;
        }
    }

    // The numbers of a photo's dream, all of them.
    private Recipe Known(DreamOctaves octaves, DreamTiling tiling) => _recipe with
    {
        Dream = _recipe.Dream! with
        {
            Octaves = octaves.Sizes.Count,
            Jitter = Math.Max(tiling.Rows.Jitter, tiling.Columns.Jitter),

            // Tiles of the network's own size need not be square.
            TileSize = tiling.Rows.Length == tiling.Columns.Length ? tiling.Rows.Length : null,
        },
    };

    private static Recipe Checked(Recipe recipe)
    {
        recipe.Validate();
        RecipeRules.CheckIsDream(recipe);
        return recipe;
    }

    private float Look(TiledResponse response, torch.Tensor image, DreamCourse course)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return response.Evaluate(image, Compared(new Extent(image.shape[2], image.shape[3])), course.Looked);
    }

    private ComparedPictures Compared(Extent size) =>
        ComparedPictures.Read([objective], _model, new AscentGeometry((int)size.Height, (int)size.Width, 0));

    private void ThrowIfCutApart(DreamTiling tiling, Extent size)
    {
        if (objective.LooksAtPart && !tiling.IsOneTile(size))
        {
            throw new CnnVizException(
                "ObjectiveCutApart",
                $"'{objective}' looks at a part of the map, but a photo of {size.Height}×{size.Width} is divided into tiles of "
                + $"{tiling.Rows.Length}×{tiling.Columns.Length}.",
                "Give a TileSize that is larger than the photo, or a smaller photo.");
        }
    }
}
