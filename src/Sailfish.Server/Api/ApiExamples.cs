using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Sailfish.Server.Api;

/// <summary>A request and an answer of each call, as they go over the wire.</summary>
internal static class ApiExamples
{
    private const string Json = "application/json";

    /// <summary>By the operation's id; no request for one without a body, no answer for 204.</summary>
    private static readonly Dictionary<string, (string? Request, string? Answer)> Examples = new()
    {
        ["MintToken"] = ("""{"userId":10001,"name":"Ann","ttlSeconds":300}""", """{"token":"eyJhbGciOiJIUzI1NiIs…","expiresAt":"2026-01-01T12:05:00+00:00"}"""),
        ["SendMessage"] = (
            """{"bizCode":5555,"data":{"content":"hello"},"from":10001,"clientMsgId":"a1","to":{"user":10002}}""",
            """{"msgId":"1-1","conversation":"d:10001:10002","seq":1,"onlineUsers":1}"""),
        ["UserOnline"] = (null, """{"online":true,"sessions":[{"connectionId":"7","platform":"web","device":"phone","since":"2026-01-01T12:00:00+00:00"}]}"""),
        ["UsersOnline"] = ("""{"users":[10001,10002]}""", """{"10001":true,"10002":false}"""),
        ["UserUnacked"] = (null, """{"d:10001:10002":3}"""),
        ["KickUser"] = ("""{"reason":"spam"}""", """{"closed":2}"""),
        ["UserTags"] = (null, """{"tags":["vip"]}"""),
        ["AddTag"] = ("""{"tag":"vip"}""", """{"tags":["vip"]}"""),
        ["RemoveTag"] = (null, """{"tags":[]}"""),
        ["SuspendUser"] = ("""{"seconds":3600,"reason":"spam"}""", """{"closed":2}"""),
        ["SetPassword"] = ("""{"password":"a long new one"}""", """{"closed":1}"""),
        ["GetRoom"] = (null, """{"roomId":1000001,"viewers":31,"peak":40,"open":true}"""),
        ["GetStream"] = (
            null,
            """{"roomId":1000001,"state":"live","publisher":100001,"kbps":1800,"fps":30,"width":1280,"height":720,"video":"h264","audio":"aac","gopSeconds":2,"viewers":31,"droppedViewers":0,"uptimeSeconds":724}"""),
        ["StopStream"] = (null, null),
        ["RoomMembers"] = (null, """{"members":[10001,10002],"cursor":10002}"""),
        ["MuteMember"] = ("""{"userId":10001,"seconds":600}""", null),
        ["UnmuteMember"] = ("""{"userId":10001}""", null),
        ["KickMember"] = ("""{"userId":10001,"seconds":600}""", """{"removed":1}"""),
        ["ConversationMessages"] = (
            null,
            """{"messages":[{"appId":10001,"userId":10001,"bizCode":5555,"data":"{\"content\":\"hello\"}","msgId":"1-1","conversation":"d:10001:10002","seq":1,"time":1767268800000}],"more":false}"""),
        ["RotateSecrets"] = (null, """{"appId":10001,"apiKey":"kQ3v…","tokenSecret":"x8Zt…"}"""),
        ["GetCluster"] = (
            null,
            """{"nodes":[{"node":"7","name":"chat1","version":"0.1.0","connections":812,"rooms":31,"draining":false,"leaseMs":6100}],"bus":"up","repairs":2}"""),
    };

    public static void AddTo(OpenApiOperation operation)
    {
        if (operation.OperationId is not { } id || !Examples.TryGetValue(id, out var example))
            return;
        if (example.Request is { } request && operation.RequestBody?.Content is { } bodies && bodies.TryGetValue(Json, out var body))
            body.Example = JsonNode.Parse(request);
        if (example.Answer is { } answer && operation.Responses?.GetValueOrDefault("200")?.Content is { } answers && answers.TryGetValue(Json, out var content))
            content.Example = JsonNode.Parse(answer);
    }

    /// <summary>An error answer with a problem as its example.</summary>
    public static OpenApiResponse Problem(int status, string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/problem+json"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
                        ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    },
                },
                Example = new JsonObject { ["title"] = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), ["status"] = status, ["detail"] = description },
            },
        },
    };
}
