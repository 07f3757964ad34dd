using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Sailfish.Server.Api;

/// <summary>What the framework cannot tell of the calls by itself for /openapi/v1.json.</summary>
internal static class ApiDescription
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>Errors that every call may answer, beside those that it names itself.</summary>
    private static readonly (int Status, string Title)[] Errors =
    [
        (StatusCodes.Status400BadRequest, "A parameter or the body is not what the call takes; detail says which."),
        (StatusCodes.Status401Unauthorized, "The API key is missing or unknown."),
        (StatusCodes.Status429TooManyRequests, "Too much from this address; Retry-After says how long to wait."),
    ];

    /// <summary>Those of every call that takes a body.</summary>
    private static readonly int[] ErrorsOfBodies = [StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType];

    private static readonly Dictionary<int, string> OwnErrors = new()
    {
        [StatusCodes.Status404NotFound] = "There is no such room, account or user.",
        [StatusCodes.Status409Conflict] = "It is not in a state for this, such as a room that is closed.",
        [StatusCodes.Status413PayloadTooLarge] = "The body is larger than 256 KiB.",
        [StatusCodes.Status415UnsupportedMediaType] = "The body is not said to be JSON.",
        [StatusCodes.Status503ServiceUnavailable] = "It could not be stored; try again with the same clientMsgId.",
    };

    public static void Configure(OpenApiOptions options)
    {
        options.AddSchemaTransformer(MendSchemaAsync);
        options.AddOperationTransformer(MendOperationAsync);
        options.AddDocumentTransformer(DescribeAsync);
    }

    /// <summary>Numbers are taken from strings too, but written as numbers: code generators want one type.</summary>
    private static Task MendSchemaAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (schema.Type is { } type && (type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number)))
        {
            (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);
            schema.Format ??= type.HasFlag(JsonSchemaType.Integer) ? "int64" : "double";
        }

        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 })
            schema.Required = context.JsonTypeInfo.Properties.Where(IsRequired).Select(property => property.Name).ToHashSet();
        return Task.CompletedTask;
    }

    /// <summary>In a request what is marked so; in an answer all that is never left out.</summary>
    private static bool IsRequired(JsonPropertyInfo property)
    {
        if (property.AttributeProvider is not PropertyInfo member || property.IsExtensionData)
            return false;
        if (member.IsDefined(typeof(RequiredAttribute)))
            return true;
        var isRequest = member.DeclaringType!.Name.EndsWith("Request", StringComparison.Ordinal) || member.DeclaringType == typeof(MessageTarget);
        return !isRequest && Nullability.Create(member).ReadState != NullabilityState.Nullable;
    }

    private static Task MendOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Responses ??= [];
        foreach (var (status, description) in Errors)
            operation.Responses[$"{status}"] = ApiExamples.Problem(status, description);
        foreach (var status in operation.RequestBody is null ? [] : ErrorsOfBodies)
            operation.Responses.TryAdd($"{status}", ApiExamples.Problem(status, OwnErrors[status]));
        foreach (var (status, description) in OwnErrors)
        {
            if (operation.Responses.ContainsKey($"{status}"))
                operation.Responses[$"{status}"] = ApiExamples.Problem(status, description);
        }

        ApiExamples.AddTo(operation);
        return Task.CompletedTask;
    }

    /// <summary>What a call needs is not null; that it may be in C# is how a missing one is told.</summary>
    private static void TakeNoNull(OpenApiSchema schema)
    {
        foreach (var name in schema.Required ?? new HashSet<string>())
        {
            var property = schema.Properties![name] as OpenApiSchema;
            if (property?.Type is { } type)
                property.Type = type & ~JsonSchemaType.Null;
            else if (property?.OneOf is { Count: 2 } choice)
                schema.Properties[name] = choice.Single(one => one.Type != JsonSchemaType.Null);
        }
    }

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "Sailfish server API", Version = "v1", Description = "For a product's own servers. Errors are RFC 9457 problems." };
        document.Components ??= new OpenApiComponents();
        foreach (var schema in document.Components.Schemas?.Values.OfType<OpenApiSchema>() ?? [])
            TakeNoNull(schema);
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiKeyAuthentication.SchemeName] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The app's API key." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKeyAuthentication.SchemeName, document)] = [] }];
        return Task.CompletedTask;
    }
}
