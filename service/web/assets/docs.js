/** The interactive documentation, which Swagger UI makes of openapi.json; here, because the page runs no script of its own. */
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  showExtensions: true,
  showCommonExtensions: true,
});
